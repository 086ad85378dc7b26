"""Channels, one of each person and of each group that has an account, and who follows them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import Group, User
from django.core.validators import ProhibitNullCharactersValidator, RegexValidator
from django.db import models
from django.urls import reverse

from cattube.channels.names import MAX_NAME_CHARACTERS, PATTERN

MAX_ABOUT_CHARACTERS = 1000


class Channel(models.Model):
    """What stands above the videos of a person. name: of the address. followers: count of `Follow`.

    picture_version: of its picture, in whose address it stands; empty without one.
    """

    owner = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="channel")
    name = models.CharField(
        max_length=MAX_NAME_CHARACTERS,
        unique=True,
        validators=[
            RegexValidator(rf"^{PATTERN}\Z", "Use small letters a to z, digits, and - or _ between them.")
        ],
    )
    about = models.TextField(
        max_length=MAX_ABOUT_CHARACTERS, blank=True, validators=[ProhibitNullCharactersValidator()]
    )
    picture_version = models.CharField(max_length=12, blank=True, editable=False)
    followers = models.PositiveIntegerField(default=0, editable=False)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("channel", args=[self.name])

    @property
    def picture_url(self) -> str | None:
        """Address of the picture, another for each picture; None without one."""
        if not self.picture_version:
            return None
        return f"{reverse('channel_picture', args=[self.name])}?v={self.picture_version}"


class GroupAccount(models.Model):
    """Account that stands for a group, and owns its channel and the videos in it. Nobody logs in to it.

    A group that has one is not deleted: its videos would be nobody's.
    """

    account = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="group_account"
    )
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="group_account")

    def __str__(self) -> str:
        return f"account of the group {self.group_id}"


class ChannelPicture(models.Model):
    """Bytes of a channel's picture, apart: who asks for a channel does not read them."""

    channel = models.OneToOneField(
        Channel, on_delete=models.CASCADE, primary_key=True, related_name="picture"
    )
    content = models.BinaryField()
    content_type = models.CharField(max_length=20)

    def __str__(self) -> str:
        return f"picture of {self.channel_id}"


class Follow(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="follows")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="follows")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "user"], name="one_follow_of_user")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} follows {self.channel_id}"
