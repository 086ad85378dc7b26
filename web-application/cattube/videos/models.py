"""Video record and its assets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from cattube.storage.links import object_url
from cattube.storage.object_keys import new_folder
from cattube.videos.ids import LENGTH, new_video_id
from cattube.videos.states import Status, is_settled
from cattube.videos.tags import MAX_TAG_CHARACTERS
from cattube.videos.text import comparable, is_blank, stored

MAX_TITLE_CHARACTERS = 200
MAX_DESCRIPTION_CHARACTERS = 10_000
# One character may stand for eighteen in the form that is compared (U+FDFA).
MAX_KEY_CHARACTERS = 18 * MAX_TAG_CHARACTERS
no_nul = ProhibitNullCharactersValidator()


def not_blank(text: str) -> None:
    """Validator of a text in which people see something."""
    if is_blank(text):
        raise ValidationError("Write something that can be seen.", code="blank")


# Columns that people change. They are saved alone: a report about processing may arrive at the same time.
WORDS = ("title", "description")
DETAIL_FIELDS = (*WORDS, "visibility")
# Columns whose change makes anew what is made of them: the title's key here, and what a search reads.
SEARCHED = {*WORDS, "owner"}


class Visibility(models.TextChoices):
    PUBLIC = "public", "Public"
    UNLISTED = "unlisted", "Unlisted"
    PRIVATE = "private", "Private"


class Tag(models.Model):
    """key: the name as `comparable` makes it, by which tags are found."""

    name = models.CharField(max_length=40, unique=True)
    key = models.CharField(max_length=MAX_KEY_CHARACTERS, db_index=True, editable=False)

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = comparable(self.name)[:MAX_KEY_CHARACTERS]
        super().save(*args, **kwargs)


class Video(models.Model):
    """One video of one owner, from before its first byte until it is deleted for ever.

    status, progress, phase: as the engine last reported them. attempt: counts the uploads of this record;
    a report about an earlier attempt changes nothing. folder: in the keys of what the attempt stores; empty
    when it was begun by a version whose keys had the Assembly's id. ends_at: estimated end of the present
    status, from the progress since `pace_since`. original_url: of the file at the engine, while it is
    processed. growing_hls_url: of the live preview, as long as the engine may serve it. title_key:
    the title as `comparable` makes it, by which lists are sorted; `save` keeps it. views, likes: counts of
    what other apps keep, changed by them alone.
    """

    id = models.CharField(primary_key=True, max_length=LENGTH, default=new_video_id, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="videos")
    title = models.CharField(max_length=MAX_TITLE_CHARACTERS, validators=[no_nul, not_blank])
    description = models.TextField(max_length=MAX_DESCRIPTION_CHARACTERS, blank=True, validators=[no_nul])
    tags = models.ManyToManyField(Tag, blank=True, related_name="videos")
    title_key = models.TextField(blank=True, editable=False)
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PRIVATE)
    views = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    likes = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    comments_allowed = models.BooleanField(default=True, db_default=True, editable=False)
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)
    trashed_at = models.DateTimeField(null=True, blank=True, editable=False)

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.UPLOADING)
    progress = models.PositiveSmallIntegerField(default=0)
    phase = models.CharField(max_length=10, blank=True, editable=False)
    queue_position = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    pace_since = models.DateTimeField(null=True, blank=True, editable=False)
    pace_from_percent = models.PositiveSmallIntegerField(default=0, editable=False)
    ends_at = models.DateTimeField(null=True, blank=True, editable=False)
    original_url = models.TextField(blank=True, editable=False)
    original_type = models.CharField(max_length=100, blank=True, editable=False)
    growing_hls_url = models.TextField(blank=True, editable=False)
    error_code = models.CharField(max_length=80, blank=True)
    error_message = models.CharField(max_length=500, blank=True)
    attempt = models.PositiveSmallIntegerField(default=1, editable=False)
    attempted_at = models.DateTimeField(default=timezone.now, editable=False)
    folder = models.CharField(max_length=32, blank=True, editable=False, default=new_folder, db_index=True)
    assembly_id = models.CharField(max_length=32, blank=True, editable=False)
    checked_at = models.DateTimeField(null=True, blank=True, editable=False)

    filename = models.CharField(max_length=255, blank=True, editable=False)
    size_bytes = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    duration_seconds = models.FloatField(null=True, blank=True, editable=False)
    width = models.PositiveIntegerField(null=True, blank=True, editable=False)
    height = models.PositiveIntegerField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("-uploaded_at", "-id")
        indexes = (
            models.Index(fields=["-uploaded_at", "-id"], name="video_newest"),
            models.Index(fields=["owner", "-uploaded_at"], name="video_of_owner"),
            models.Index(fields=["status", "checked_at"], name="video_unfinished"),
            models.Index(fields=["phase", "checked_at"], name="video_improving"),
        )

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Save, and with the words what lists are sorted and searched by."""
        if update_fields is None or not SEARCHED.isdisjoint(update_fields):
            self._set_words()
            update_fields = None if update_fields is None else {*update_fields, *WORDS, "title_key"}
        # With what listens to it: a video is never found by words it has no more.
        with transaction.atomic():
            super().save(*args, update_fields=update_fields, **kwargs)

    def _set_words(self) -> None:
        self.title, self.description = stored(self.title), stored(self.description)
        self.title_key = comparable(self.title)

    def get_absolute_url(self) -> str:
        return reverse("watch", args=[self.pk])

    @property
    def is_ready(self) -> bool:
        return self.status == Status.READY

    @property
    def is_finished(self) -> bool:
        """True when viewers are shown an end: the video can be watched, or it has failed."""
        return self.status in (Status.READY, Status.FAILED)

    @property
    def is_settled(self) -> bool:
        """True when the present attempt brings nothing more. A ready video that improves is not settled."""
        return is_settled(self.status, self.phase)

    @property
    def link_scope(self) -> str:
        """What a link to a file of the video is good for: another visibility, or the trash, makes it void."""
        return "trash" if self.trashed_at else self.visibility

    @property
    def tag_list(self) -> list[str]:
        return sorted(tag.name for tag in self.tags.all())

    @property
    def thumbnail_url(self) -> str | None:
        thumbnail = self.asset(Asset.Role.THUMBNAIL)
        return thumbnail.url if thumbnail else None

    def asset(self, role: str) -> Asset | None:
        """Asset with this role, once the video is ready. Costs no query when assets were prefetched."""
        if not self.is_ready:
            return None
        return next((asset for asset in self.assets.all() if asset.role == role), None)

    def set_tags(self, names: list[str]) -> None:
        with transaction.atomic():
            # Locked, so that none is deleted as unused before it is used; in order, so that no two edits wait
            # for each other.
            tags = Tag.objects.select_for_update()
            self.tags.set([tags.get_or_create(name=name)[0] for name in sorted(names)])


class Asset(models.Model):
    """Object in the private bucket that belongs to a video, or the playlist of a set of objects.

    folder: empty, or the prefix (`hls/<folder>/`) of all that the playlist names.
    """

    class Role(models.TextChoices):
        """Steps of our template that pages know. An operator's own template may have more."""

        ORIGINAL = "original"
        RESIZED = "resized"
        WATERMARKED = "watermarked"
        THUMBNAIL = "thumbnail"
        HLS = "hls"
        STORYBOARD = "storyboard"

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="assets")
    role = models.CharField(max_length=100)
    object_key = models.CharField(max_length=1024, unique=True)
    folder = models.CharField(max_length=1024, blank=True, db_index=True)
    content_type = models.CharField(max_length=100, blank=True)
    size_bytes = models.PositiveBigIntegerField(null=True, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.object_key

    @property
    def url(self) -> str:
        """Link that works for an hour at most. A link of this site also ends with the `link_scope`."""
        return object_url(self.object_key, scope=self.video.link_scope, content_type=self.content_type)
