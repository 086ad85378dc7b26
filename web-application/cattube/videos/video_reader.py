"""One video with all that pages and API show of it: the most frequent question to the database."""

from django.db.models import QuerySet

from cattube.prepared_query import M, PreparedQuery
from cattube.videos.ids import is_video_id
from cattube.videos.models import Asset, Tag, Video

_VIDEO = PreparedQuery(lambda: Video.objects.select_related("owner__channel").filter(pk=""))
_ASSETS = PreparedQuery(lambda: Asset.objects.filter(video=""))
_TAGS = PreparedQuery(lambda: Tag.objects.filter(videos=""))


def read_video(video_id: str) -> Video | None:
    """The video with owner, channel, assets and tags, as the database has them now; None without one."""
    if not is_video_id(video_id):
        return None
    videos = _VIDEO.read(video_id)
    if not videos:
        return None
    video = videos[0]
    assets, tags = _ASSETS.read(video_id), _TAGS.read(video_id)
    for asset in assets:
        asset.video = video
    # Where Django itself keeps what `prefetch_related` has read.
    video._prefetched_objects_cache = {  # type: ignore[attr-defined]
        "assets": _filled(video.assets.get_queryset(), assets),
        "tags": _filled(video.tags.get_queryset(), tags),
    }
    return video


def _filled(queryset: QuerySet[M], rows: list[M]) -> QuerySet[M]:
    queryset._result_cache = rows
    return queryset
