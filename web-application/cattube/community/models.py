"""Likes, comments and reports about comments."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models

from cattube.videos.models import Video

MAX_COMMENT_CHARACTERS = 2000
MAX_REASON_CHARACTERS = 500


class Like(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="likes")
    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="liked_by")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["video", "user"], name="one_like_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id} likes {self.video_id}"


class Comment(models.Model):
    """Comment below a video. seconds: the moment it is about. parent: the comment that it replies to."""

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="comments")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies"
    )
    text = models.TextField(max_length=MAX_COMMENT_CHARACTERS)
    seconds = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["video", "parent", "-created_at", "-id"], name="comment_newest"),
            models.Index(fields=["user", "created_at"], name="comment_of_user"),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class CommentReport(models.Model):
    """Report of one person that a comment does not belong here. settled_at: when staff had seen to it."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reports")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="comment_reports")
    reason = models.CharField(max_length=MAX_REASON_CHARACTERS, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["comment", "user"], name="one_report_of_user")
        ]
        indexes: ClassVar = [models.Index(fields=["settled_at", "-created_at"], name="report_open")]

    def __str__(self) -> str:
        return f"report about comment {self.comment_id}"
