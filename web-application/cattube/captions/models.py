"""Captions of a video in one language, their cues, and the chapters that an owner has set."""

from django.core.validators import ProhibitNullCharactersValidator
from django.db import models
from django.utils import timezone

from cattube.captions.languages import MAX_LANGUAGE_CHARACTERS
from cattube.videos.models import Video

MAX_LABEL_CHARACTERS = 100
MAX_CHAPTER_CHARACTERS = 200
MAX_ERROR_CHARACTERS = 500


class Kind(models.TextChoices):
    """captions: for those who cannot hear it, with noises. subtitles: for those who lack the language."""

    CAPTIONS = "captions", "Captions"
    SUBTITLES = "subtitles", "Subtitles"


class Source(models.TextChoices):
    UPLOADED = "uploaded", "Uploaded"
    AUTOMATIC = "automatic", "Automatic"


class CaptionTrack(models.Model):
    """updated_at: different after each change, so that a change by somebody else is noticed."""

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="caption_tracks")
    language = models.CharField(max_length=MAX_LANGUAGE_CHARACTERS)
    label = models.CharField(max_length=MAX_LABEL_CHARACTERS, validators=[ProhibitNullCharactersValidator()])
    kind = models.CharField(max_length=9, choices=Kind, default=Kind.CAPTIONS)
    source = models.CharField(max_length=9, choices=Source, default=Source.UPLOADED)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("language",)
        constraints = (
            models.UniqueConstraint(fields=["video", "language"], name="one_caption_track_of_a_language"),
        )

    def __str__(self) -> str:
        return f"{self.label} of {self.video_id}"

    @property
    def etag(self) -> str:
        """Strong validator of the track as it is now, in quotes."""
        return f'"{self.pk:x}-{round(self.updated_at.timestamp() * 1_000_000):x}"'


class Cue(models.Model):
    """text, settings: as in `TimedText`, clean."""

    # Its index is the one below.
    track = models.ForeignKey(CaptionTrack, on_delete=models.CASCADE, related_name="cues", db_index=False)
    start_seconds = models.FloatField()
    end_seconds = models.FloatField()
    text = models.TextField()
    settings = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("start_seconds", "id")
        indexes = (models.Index(fields=["track", "start_seconds", "id"], name="cue_in_order"),)

    def __str__(self) -> str:
        return self.text


class Captioning(models.Model):
    """Captions of a video that a machine is to make, or has made.

    language: what is spoken, empty when nobody said. checked_at: when the engine was last asked. tries:
    how often it was since there last was progress. error: a sentence for the owner.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        WORKING = "working"
        DONE = "done"
        FAILED = "failed"

    # Not one to one: so it is prefetched and kept like the video's other texts.
    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="captionings")
    language = models.CharField(max_length=MAX_LANGUAGE_CHARACTERS, blank=True)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    percent = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=MAX_ERROR_CHARACTERS, blank=True)
    assembly_id = models.CharField(max_length=32, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    checked_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["video"], name="one_captioning_of_a_video"),)
        indexes = (models.Index(fields=["state", "asked_at"], name="captioning_unfinished"),)

    def __str__(self) -> str:
        return f"{self.state}: captions of {self.video_id}"

    @property
    def is_finished(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)


class Chapter(models.Model):
    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="chapters")
    start_seconds = models.FloatField()
    title = models.CharField(
        max_length=MAX_CHAPTER_CHARACTERS, validators=[ProhibitNullCharactersValidator()]
    )

    class Meta:
        ordering = ("start_seconds",)
        constraints = (
            models.UniqueConstraint(fields=["video", "start_seconds"], name="one_chapter_at_a_time"),
        )

    def __str__(self) -> str:
        return self.title
