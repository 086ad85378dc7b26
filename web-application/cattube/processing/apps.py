from typing import Any

from django.apps import AppConfig
from django.db.models.signals import pre_delete


class ProcessingConfig(AppConfig):
    name = "cattube.processing"

    def ready(self) -> None:
        pre_delete.connect(_abandon_attempt, sender="videos.Video", dispatch_uid="abandon")


def _abandon_attempt(instance: Any, **kwargs: Any) -> None:
    """Abandon the attempt of a video however it is deleted, with its owner too.

    `reconcile` frees its bytes, if nobody does before.
    """
    from cattube.processing.lifecycle.cleanup import abandon_attempt

    abandon_attempt(instance)
