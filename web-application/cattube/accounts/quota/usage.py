"""Bytes that a person's videos take up."""

from django.db.models import BigIntegerField, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from cattube.videos.models import Asset, Video
from cattube.videos.states import UNFINISHED


def used_bytes(owner_id: int, *, unannounced_bytes: int = 0, other_than: str = "") -> int:
    """Bytes of all that is stored, the trash included, and of all that is on its way.

    unannounced_bytes: what a file counts as whose size nobody has told. other_than: id of a video that does
    not count.
    """
    stored = Asset.objects.filter(video__owner=owner_id).exclude(video=other_than)
    # One that has arrived in the bucket is an asset already.
    arriving = Video.objects.filter(owner=owner_id, status__in=UNFINISHED, assets=None).exclude(pk=other_than)
    announced = Coalesce("size_bytes", Value(unannounced_bytes), output_field=BigIntegerField())
    return stored_bytes(stored) + int(arriving.aggregate(total=Sum(announced))["total"] or 0)


def stored_bytes(assets: QuerySet[Asset]) -> int:
    return int(assets.aggregate(total=Sum("size_bytes"))["total"] or 0)
