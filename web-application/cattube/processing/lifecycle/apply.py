"""Bringing a report into the database: once, whole, in any order."""

import logging
from enum import Enum

from django.db import transaction
from django.utils import timezone

from cattube.processing.lifecycle.cleanup import forget_results
from cattube.processing.lifecycle.eta import Pace, pace_after, pace_from
from cattube.processing.lifecycle.transition import State, state_after
from cattube.processing.models import Abandonment
from cattube.processing.transloadit.status import Original, Phase, Report, Result
from cattube.videos.models import Asset, Video
from cattube.videos.states import IMPROVING

log = logging.getLogger(__name__)

STATE_FIELDS = (
    *("status", "progress", "phase", "queue_position", "error_code", "error_message"),
    *("pace_since", "pace_from_percent", "ends_at", "original_url", "original_type", "growing_hls_url"),
)


class Outcome(Enum):
    APPLIED = "applied"
    UNCHANGED = "unchanged"  # known already, or overtaken by a later one
    UNWANTED = "unwanted"  # of an attempt that was given up: its objects are removed
    UNKNOWN = "unknown"  # no such video (yet)


def apply_report(report: Report) -> Outcome:
    """Bring `report` into its video's record. Raises StoreError when unwanted objects cannot be removed."""
    with transaction.atomic():
        video = Video.objects.select_for_update().filter(pk=report.video_id).first()
        outcome = _judge(video, report)
        if video is not None and outcome is Outcome.APPLIED:
            _write(video, report)
    if outcome is Outcome.UNWANTED:
        forget_results(report)
        log.info("Removed the results of Assembly %s: nobody wants them", report.assembly_id)
    if outcome is Outcome.APPLIED and report.phase is Phase.FAILED and video is not None and video.is_ready:
        log.warning("Video %s can be watched, though not all was made: %s", video.pk, report.error_code)
    return outcome


def state_of(video: Video) -> State:
    return State(
        status=video.status,
        progress=video.progress,
        phase=video.phase,
        queue_position=video.queue_position,
        original=(
            Original(url=video.original_url, content_type=video.original_type) if video.original_url else None
        ),
        growing_hls_url=video.growing_hls_url,
        error_code=video.error_code,
        error_message=video.error_message,
    )


def set_state(video: Video, state: State) -> None:
    """Change the video's fields only; the caller saves STATE_FIELDS."""
    pace = _pace_after(video, state)
    video.pace_since, video.pace_from_percent, video.ends_at = pace.since, pace.from_percent, pace.ends_at
    video.status, video.progress = state.status, state.progress
    video.phase, video.queue_position = state.phase, state.queue_position
    video.original_url = state.original.url if state.original else ""
    video.original_type = state.original.content_type if state.original else ""
    video.growing_hls_url = state.growing_hls_url
    video.error_code, video.error_message = state.error_code, state.error_message


def _pace_after(video: Video, state: State) -> Pace:
    if state.phase in ("", IMPROVING):
        return Pace()  # nobody waits any more
    now, queued = timezone.now(), Phase.QUEUED.value
    if state.status != video.status or queued in (video.phase, state.phase):
        # To wait for one's turn is no work: it says nothing about what follows.
        return pace_from(now, state.progress)
    pace = Pace(since=video.pace_since, from_percent=video.pace_from_percent, ends_at=video.ends_at)
    return pace_after(pace, now, state.progress) if state.progress != video.progress else pace


def _judge(video: Video | None, report: Report) -> Outcome:
    if video is None or report.attempt != video.attempt:
        given_up = Abandonment.objects.filter(video_id=report.video_id, attempt=report.attempt).exists()
        return Outcome.UNWANTED if given_up else Outcome.UNKNOWN
    if video.is_finished and video.assembly_id != report.assembly_id:
        # One signature, one Assembly; should there ever be a second, the first one counts.
        return Outcome.UNWANTED
    if video.is_settled:
        return Outcome.UNCHANGED
    now = state_of(video)
    is_news = state_after(now, report) != now or video.assembly_id != report.assembly_id
    return Outcome.APPLIED if is_news or _brings_more(video, report) else Outcome.UNCHANGED


def _brings_more(video: Video, report: Report) -> bool:
    """Whether something was stored since the video became ready."""
    if not video.is_ready:
        return False
    known = set(video.assets.values_list("object_key", flat=True))
    return any(result.object_key not in known for result in _recorded(report))


def _recorded(report: Report) -> list[Result]:
    """What gets a record: all, but a stream only when it is whole, which is when all is.

    Of a failed Assembly too: what is on record can be deleted.
    """
    is_whole = report.phase is Phase.COMPLETED
    return [each for each in report.results if is_whole or not (each.folder or each.role == Asset.Role.HLS)]


def _write(video: Video, report: Report) -> None:
    set_state(video, state_after(state_of(video), report))
    video.assembly_id = report.assembly_id
    if video.is_finished:
        found = [_asset(video, result) for result in _recorded(report)]
        Asset.objects.bulk_create(found, ignore_conflicts=True)
        shared = next((found for found in report.results if found.role == Asset.Role.WATERMARKED), None)
        if shared:
            video.duration_seconds = shared.duration_seconds
            video.width, video.height = shared.width, shared.height
    video.save(
        update_fields=[
            *STATE_FIELDS,
            *("assembly_id", "duration_seconds", "width", "height"),
        ]
    )


def _asset(video: Video, result: Result) -> Asset:
    return Asset(
        video=video,
        role=result.role,
        object_key=result.object_key,
        folder=result.folder,
        content_type=result.content_type,
        size_bytes=result.size_bytes,
        width=result.width,
        height=result.height,
    )
