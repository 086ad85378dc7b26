"""Playlists: videos in an order that a person chose."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import User
from django.core.validators import ProhibitNullCharactersValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone

from cattube.videos.ids import LENGTH, new_video_id
from cattube.videos.models import Video, Visibility, not_blank

MAX_TITLE_CHARACTERS = 200
WATCH_LATER = "Watch later"


class Playlist(models.Model):
    """List of one person. is_watch_later: the one that each person has, private for ever."""

    id = models.CharField(primary_key=True, max_length=LENGTH, default=new_video_id, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="playlists")
    title = models.CharField(
        max_length=MAX_TITLE_CHARACTERS, validators=[ProhibitNullCharactersValidator(), not_blank]
    )
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PRIVATE)
    is_watch_later = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner"], condition=models.Q(is_watch_later=True), name="one_watch_later_of_user"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["owner", "-created_at"], name="playlist_of_owner")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("later") if self.is_watch_later else reverse("playlist", args=[self.pk])


class PlaylistEntry(models.Model):
    """Video in a playlist. position: entries are sorted by it; there may be gaps."""

    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="entries")
    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="playlist_entries")
    position = models.PositiveIntegerField()
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["playlist", "video"], name="video_once_in_playlist")
        ]
        indexes: ClassVar = [models.Index(fields=["playlist", "position"], name="playlist_order")]

    def __str__(self) -> str:
        return f"{self.video_id} in {self.playlist_id}"
