from typing import Any

from django.apps import AppConfig
from django.db.models.signals import pre_delete


class ProcessingConfig(AppConfig):
    name = "cattube.processing"

    def ready(self) -> None:
        pre_delete.connect(_abandon_deleted, sender="videos.Video", dispatch_uid="abandon")


def _abandon_deleted(instance: Any, **kwargs: Any) -> None:
    """However a video is deleted, with its owner too: its bytes are freed, by `reconcile` at the latest."""
    from cattube.processing.lifecycle.cleanup import abandon

    abandon(instance)
