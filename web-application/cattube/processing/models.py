"""Assemblies whose results nobody wants any more."""

from django.db import models
from django.utils import timezone


class Abandonment(models.Model):
    """One attempt at a video that was given up: the video was erased, or is uploaded anew.

    It outlives its video, so that a report that comes late finds out that its objects have to go. It is
    settled when nothing more can come: the Assembly ended and its objects are gone.
    """

    video_id = models.CharField(max_length=11)
    attempt = models.PositiveSmallIntegerField()
    assembly_id = models.CharField(max_length=32, blank=True)
    object_keys = models.JSONField(default=list)
    abandoned_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["video_id", "attempt"], name="abandoned_once"),)

    def __str__(self) -> str:
        return f"attempt {self.attempt} at {self.video_id}"
