"""End of records that nobody needs any more. Once a day each app deletes those of its own."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.dispatch import Signal
from django.utils import timezone

from cattube.processing.models import Abandonment, BucketUpload
from cattube.videos.unused_tags import delete_unused_tags

# Far longer than an engine keeps an Assembly, of which a late report may come.
ABANDONMENT_LIFETIME = timedelta(days=90)

# Sent once a day by `manage.py reconcile`.
day_has_passed = Signal()


def clear_expired() -> None:
    """Have every app delete what has expired. One that fails is in the log, and holds up no other."""
    day_has_passed.send_robust(sender=None)


def delete_old_records(**_: Any) -> None:
    """Delete what is known of attempts that were abandoned long ago, and tags that no video has.

    An attempt whose objects could not be deleted in all that time stays. One whose engine could not be asked
    does not: who keeps an Assembly for so long?
    """
    old = Q(settled_at__isnull=False) | Q(object_keys=[])
    abandoned = Abandonment.objects.filter(old, abandoned_at__lt=timezone.now() - ABANDONMENT_LIFETIME)
    same = abandoned.filter(video_id=OuterRef("video_id"), attempt=OuterRef("attempt"))
    BucketUpload.objects.filter(Exists(same), attempt__lt=F("video__attempt")).delete()
    abandoned.delete()
    delete_unused_tags()
