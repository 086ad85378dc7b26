from typing import Any

from django.apps import AppConfig
from django.db.models.signals import pre_delete


class ProcessingConfig(AppConfig):
    name = "cattube.processing"

    def ready(self) -> None:
        from cattube.processing.expiry import day_has_passed, delete_old_records
        from cattube.search.vocabulary import forget_unused

        pre_delete.connect(_abandon_attempt, sender="videos.Video", dispatch_uid="abandon")
        day_has_passed.connect(delete_old_records)
        # The search is below this app, and cannot listen by itself.
        day_has_passed.connect(forget_unused)


def _abandon_attempt(instance: Any, **kwargs: Any) -> None:
    """Abandon the attempt of a video however it is deleted, with its owner too.

    `reconcile` frees its bytes, if nobody does before.
    """
    from cattube.processing.lifecycle.cleanup import abandon_attempt

    abandon_attempt(instance)
