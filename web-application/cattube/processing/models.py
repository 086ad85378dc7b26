"""Records beside the videos: uploads straight to the bucket, and attempts that were abandoned."""

from django.db import models
from django.utils import timezone

from cattube.storage.object_keys import name_of_folder
from cattube.videos.models import Video


class Abandonment(models.Model):
    """Attempt at a video that was abandoned: the video was deleted for ever, or is uploaded anew.

    The row outlives its video, so that the objects of a late report are deleted. It is settled when nothing
    more can come: the Assembly has ended and its objects are deleted. Nothing is cleaned up before
    `abandoned_at`, which may be yet to come.
    """

    video_id = models.CharField(max_length=11)
    attempt = models.PositiveSmallIntegerField()
    folder = models.CharField(max_length=32, blank=True)
    assembly_id = models.CharField(max_length=32, blank=True)
    # Origin of the engine that runs the Assembly; empty is the one of the settings.
    service = models.CharField(max_length=300, blank=True)
    object_keys = models.JSONField(default=list)
    abandoned_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["video_id", "attempt"], name="abandoned_once"),)

    def __str__(self) -> str:
        return f"attempt {self.attempt} at {self.video_id}"


class BucketUpload(models.Model):
    """File of one attempt at a video, sent straight to the bucket.

    It begins open, is completed when all bytes are there, and is announced when an engine has accepted it.
    service: origin of that engine. webhook: the address it reports to, signed for this attempt.
    """

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="bucket_uploads")
    attempt = models.PositiveSmallIntegerField()
    object_key = models.CharField(max_length=1024, unique=True)
    upload_id = models.TextField()
    size_bytes = models.PositiveBigIntegerField()
    part_bytes = models.PositiveBigIntegerField()
    webhook = models.TextField()
    service = models.CharField(max_length=300, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    announced_at = models.DateTimeField(null=True, blank=True)
    announcements = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["video", "attempt"], name="one_upload_an_attempt"),)

    def __str__(self) -> str:
        return self.object_key

    @property
    def output_folder(self) -> str:
        """Name in the keys of what is made of the file: the one in its own."""
        return name_of_folder(self.object_key)


def service_of(video: Video) -> str:
    """Origin of the engine that works on the video's present attempt; empty is the one of the settings."""
    uploads = BucketUpload.objects.filter(video=video, attempt=video.attempt)
    return uploads.values_list("service", flat=True).first() or ""


def was_in_bucket(video: Video) -> bool:
    """True when the file of the video's present attempt went straight to the bucket."""
    return BucketUpload.objects.filter(video=video, attempt=video.attempt).exists()
