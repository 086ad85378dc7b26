"""Tags that no video has any more."""

from django.db import transaction

from cattube.videos.models import Tag


def delete_unused_tags() -> None:
    """Delete the tags of no video. One that a video gets meanwhile stays."""
    with transaction.atomic():
        # Locked: `Video.set_tags` locks what it takes, so neither sees half of what the other does.
        unused = Tag.objects.filter(videos=None).values("pk")
        locked = Tag.objects.select_for_update().filter(pk__in=unused).values_list("pk", flat=True)
        Tag.objects.filter(pk__in=list(locked), videos=None).delete()
