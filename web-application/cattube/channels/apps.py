from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_save, pre_delete


class ChannelsConfig(AppConfig):
    name = "cattube.channels"
    verbose_name = "Channels"

    def ready(self) -> None:
        from cattube.channels.follows import FOLLOWERS

        post_save.connect(_make_channel, sender=settings.AUTH_USER_MODEL)
        # A follower also goes with an account.
        pre_delete.connect(FOLLOWERS.leave, sender=settings.AUTH_USER_MODEL)


def _make_channel(instance: Any, *, created: bool, raw: bool, **_: Any) -> None:
    from cattube.channels.channels import make_channel

    if created and not raw:
        make_channel(instance)
