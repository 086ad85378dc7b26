"""Search for the Assemblies of videos whose uploaders have named none.

Our engine tells this site of each Assembly that is made for it. The search is for hosted Transloadit, which
does not, and for what was lost on its way.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from cattube.processing.lifecycle.apply import apply_answer
from cattube.processing.lifecycle.assembly_claim import report_about
from cattube.processing.models import BucketUpload
from cattube.processing.transloadit.account import engine_account
from cattube.processing.transloadit.addresses import internal_address, is_hosted
from cattube.processing.transloadit.assembly_list import assemblies_with
from cattube.processing.transloadit.client import EngineClient, EngineUnreachable, engine_client
from cattube.processing.transloadit.options import OPTIONS_LIFETIME
from cattube.videos.models import Video
from cattube.videos.states import Status

log = logging.getLogger(__name__)

# Between two searches for the same video, also from the moment it was announced. Most scripts that are going
# to send a file have begun by then. Our own engine has told of it, and is searched for what was lost.
HOSTED_PAUSE, OWN_PAUSE = timedelta(seconds=5), timedelta(minutes=1)
# Once the options are void, no Assembly can be new: only what was lost is still to be found.
LATE_PAUSE = timedelta(minutes=10)
# An engine looks for each of them in all Assemblies of the time.
VIDEOS_PER_SEARCH = 10
# The same options may have been used more than once.
MOST_FOUND_PER_VIDEO = 3
# How far the engine's clock may be behind ours.
CLOCK_DIFFERENCE = timedelta(minutes=5)


def search_when_due(video: Video) -> bool:
    """Search for the Assembly of one video, unless that was done just now; True if the engine was asked.

    Raises EngineUnreachable.
    """
    now = timezone.now()
    due = _due(now).filter(pk=video.pk)
    # Read first: most of the time it is not due, and writers wait for each other.
    if video.status != Status.UPLOADING or not due.exists() or not due.update(checked_at=now):
        return False
    _search([video])
    return True


def search_all_due(now: datetime) -> int:
    """Search for the Assemblies of all videos that it is time for. Returns for how many."""
    videos = list(_due(now).order_by(F("checked_at").asc(nulls_first=True))[:VIDEOS_PER_SEARCH])
    if not videos:
        return 0
    Video.objects.filter(pk__in=[video.pk for video in videos]).update(checked_at=now)
    try:
        _search(videos)
    except EngineUnreachable as error:
        log.warning("The Assemblies of %d uploads could not be searched for: %s", len(videos), error)
        return 0
    return len(videos)


def _due(now: datetime) -> QuerySet[Video]:
    """Videos that wait for a file by way of the engine, of which no Assembly is known, and nobody asked."""
    pause = HOSTED_PAUSE if is_hosted(internal_address()) else OWN_PAUSE
    is_fresh = Q(attempted_at__gt=now - OPTIONS_LIFETIME)
    is_due = (
        Q(checked_at=None) | Q(checked_at__lte=now - LATE_PAUSE) | (is_fresh & Q(checked_at__lte=now - pause))
    )
    by_bucket = BucketUpload.objects.filter(video=OuterRef("pk"), attempt=OuterRef("attempt"))
    waiting = Video.objects.filter(status=Status.UPLOADING, assembly_id="")
    return waiting.filter(is_due, ~Exists(by_bucket), attempted_at__lte=now - pause)


def _search(videos: Sequence[Video]) -> None:
    """Apply the status of each Assembly that was made for one of the videos. Raises EngineUnreachable."""
    engine = engine_client()
    since = min(video.attempted_at for video in videos) - CLOCK_DIFFERENCE
    # Strangers do not know it, and cannot fill the list by writing it into fields of their own.
    names = [video.folder or video.pk for video in videos]
    most = MOST_FOUND_PER_VIDEO * len(videos)
    for assembly_id in assemblies_with(engine, engine_account(), names, since=since, most=most):
        _take(engine, assembly_id, videos)


def _take(engine: EngineClient, assembly_id: str, videos: Sequence[Video]) -> None:
    document = engine.status(assembly_id)
    reports = (report_about(video, document) for video in videos if document is not None)
    report = next((report for report in reports if report is not None), None)
    if report is not None and report.assembly_id == assembly_id:
        apply_answer(report)
