from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models import Model
from django.db.models.signals import post_save


class VideosConfig(AppConfig):
    name = "cattube.videos"

    def ready(self) -> None:
        post_save.connect(_keep_owner_name, sender=settings.AUTH_USER_MODEL)


def _keep_owner_name(instance: Model, *, created: bool, update_fields: Any, **_: Any) -> None:
    """Have a person's videos found under a new name. A login saves the person too, but changes no name."""
    # Models are there only when all apps are.
    from cattube.videos.models import Video

    if created or not (update_fields is None or "username" in update_fields):
        return
    for video in Video.objects.filter(owner__pk=instance.pk).select_related("owner").iterator():
        video.save(update_fields=["owner"])
