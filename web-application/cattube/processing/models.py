"""What processing keeps beside the videos: uploads past the engine, and Assemblies that nobody wants."""

from django.db import models
from django.utils import timezone

from cattube.videos.models import Video


class Abandonment(models.Model):
    """One attempt at a video that was given up: the video was erased, or is uploaded anew.

    It outlives its video, so that a report that comes late finds out that its objects have to go. It is
    settled when nothing more can come: the Assembly ended and its objects are gone.
    """

    video_id = models.CharField(max_length=11)
    attempt = models.PositiveSmallIntegerField()
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
    """The file of one attempt at a video, sent straight to the bucket.

    It begins open, is completed when all bytes are there, and is announced when a worker has taken it on.
    service: origin of the worker that has. webhook: where the worker reports to, signed for this attempt.
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


def service_of(video: Video) -> str:
    """Origin of the engine that works on the video's present attempt; empty is the one of the settings."""
    found = BucketUpload.objects.filter(video=video, attempt=video.attempt).values_list("service", flat=True)
    return found.first() or ""
