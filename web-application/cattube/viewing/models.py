"""What is kept of watching: whose view was counted when, and the history of each person."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models

from cattube.videos.models import Video

MAX_VIEWER_CHARACTERS = 40


class CountedView(models.Model):
    """Last view of one video by one viewer that was counted. Kept until another would count.

    viewer: "user 12", or "browser " and the random id of its cookie.
    """

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="counted_views")
    viewer = models.CharField(max_length=MAX_VIEWER_CHARACTERS)
    counted_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["video", "viewer"], name="one_view_of_viewer")
        ]

    def __str__(self) -> str:
        return f"{self.viewer} saw {self.video_id}"


class WatchedVideo(models.Model):
    """Line of a person's history. seconds: position to go on from; 0 after the end."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="watched_videos")
    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="watched_by")
    seconds = models.PositiveIntegerField(default=0)
    watched_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "video"], name="one_line_of_history")
        ]
        indexes: ClassVar = [
            models.Index(fields=["user", "-watched_at", "-id"], name="history_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.seconds} s of {self.video_id}"


class HistoryPause(models.Model):
    """There while a person has switched their history off."""

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="history_pause"
    )
    since = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"history of {self.user_id} is off"
