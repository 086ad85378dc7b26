"""Assembly statuses, written into the records of videos: once, whole, in any order."""

import logging
from collections.abc import Sequence
from enum import Enum

from django.db import transaction

from cattube.prepared_query import PreparedQuery
from cattube.prepared_update import PreparedUpdate
from cattube.processing.lifecycle.cleanup import delete_results
from cattube.processing.lifecycle.transition import state_after
from cattube.processing.lifecycle.video_state import STATE_FIELDS, set_state, state_of
from cattube.processing.models import Abandonment
from cattube.processing.transloadit.status.assembly_status import AssemblyStatus, Phase, Result
from cattube.storage.objects import StoreError
from cattube.videos.models import Asset, Video

log = logging.getLogger(__name__)
_LOCKED_VIDEO = PreparedQuery(lambda: Video.objects.select_for_update().filter(pk="").order_by())
_VIDEO_UPDATE = PreparedUpdate(Video, [*STATE_FIELDS, "assembly_id", "duration_seconds", "width", "height"])


class Outcome(Enum):
    APPLIED = "applied"
    UNCHANGED = "unchanged"  # known already, or overtaken by a later one
    UNWANTED = "unwanted"  # of an attempt that was abandoned: its objects are deleted
    UNKNOWN = "unknown"  # no such video (yet)


def apply_status(report: AssemblyStatus) -> Outcome:
    """Write the status into its video's record. Raises StoreError when unwanted objects cannot be deleted."""
    with transaction.atomic():
        video = next(iter(_LOCKED_VIDEO.read(report.video_id)), None)
        outcome = _outcome(video, report)
        changes = [(video, report)] if video is not None and outcome is Outcome.APPLIED else []
        _save(changes)
    if outcome is Outcome.UNWANTED:
        _remember(report)
        delete_results(report)
        log.info("Removed the results of Assembly %s: nobody wants them", report.assembly_id)
    _tell_incomplete(changes)
    return outcome


def apply_statuses(reports: Sequence[AssemblyStatus]) -> list[Outcome]:
    """Write statuses of different videos into their records, all or none.

    What is unknown or unwanted is left as it is, for `apply_status`: objects may have to be deleted.
    """
    with transaction.atomic():
        # In the order of their ids, so that no two transactions wait for each other.
        locked = Video.objects.select_for_update().order_by("pk")
        videos = locked.in_bulk([report.video_id for report in reports])
        outcomes = [_outcome(videos.get(report.video_id), report) for report in reports]
        changes = [
            (videos[report.video_id], report)
            for report, outcome in zip(reports, outcomes, strict=True)
            if outcome is Outcome.APPLIED
        ]
        _save(changes)
    _tell_incomplete(changes)
    return outcomes


def apply_answer(report: AssemblyStatus) -> Outcome:
    """As `apply_status`, of a status that comes again when it is asked for: errors are only logged."""
    try:
        return apply_status(report)
    except StoreError:
        log.exception("Unwanted objects of Assembly %s could not be removed", report.assembly_id)
        return Outcome.UNWANTED


def _remember(report: AssemblyStatus) -> None:
    """Note the Assembly of an abandoned attempt, of which nobody knew it. `reconcile` ends it."""
    if not report.is_final:
        abandoned = Abandonment.objects.filter(video_id=report.video_id, attempt=report.attempt)
        abandoned.filter(assembly_id="", settled_at=None).update(assembly_id=report.assembly_id)


def _outcome(video: Video | None, report: AssemblyStatus) -> Outcome:
    if video is None or report.attempt != video.attempt:
        abandoned = Abandonment.objects.filter(video_id=report.video_id, attempt=report.attempt)
        return Outcome.UNWANTED if abandoned.exists() else Outcome.UNKNOWN
    if video.is_finished and video.assembly_id != report.assembly_id:
        # One signature, one Assembly; should there ever be a second, the first one counts.
        return Outcome.UNWANTED
    if video.is_settled:
        return Outcome.UNCHANGED
    current = state_of(video)
    is_news = state_after(current, report) != current or video.assembly_id != report.assembly_id
    return Outcome.APPLIED if is_news or _has_new_results(video, report) else Outcome.UNCHANGED


def _has_new_results(video: Video, report: AssemblyStatus) -> bool:
    """True when something was stored since the video became ready."""
    if not video.is_ready:
        return False
    known = set(video.assets.values_list("object_key", flat=True))
    return any(result.object_key not in known for result in _results_for_record(report))


def _results_for_record(report: AssemblyStatus) -> list[Result]:
    """All results, but a stream only when the Assembly is completed, which is when the stream is whole.

    Those of a failed Assembly too: what is on record can be deleted.
    """
    is_whole = report.phase is Phase.COMPLETED
    return [
        result
        for result in report.results
        if is_whole or not (result.folder or result.role == Asset.Role.HLS)
    ]


def _save(changes: Sequence[tuple[Video, AssemblyStatus]]) -> None:
    """Write each status into the record of its video."""
    if changes:
        assets = [asset for video, report in changes for asset in _change(video, report)]
        Asset.objects.bulk_create(assets, ignore_conflicts=True)
        _VIDEO_UPDATE.write([video for video, _ in changes])


def _change(video: Video, report: AssemblyStatus) -> list[Asset]:
    """Change the fields of `video` as the status says. Its assets, those on record among them."""
    set_state(video, state_after(state_of(video), report))
    video.assembly_id = report.assembly_id
    if not video.is_finished:
        return []
    watermarked = next((result for result in report.results if result.role == Asset.Role.WATERMARKED), None)
    if watermarked:
        video.duration_seconds = watermarked.duration_seconds
        video.width, video.height = watermarked.width, watermarked.height
    return [_asset(video, result) for result in _results_for_record(report)]


def _tell_incomplete(changes: Sequence[tuple[Video, AssemblyStatus]]) -> None:
    for video, report in changes:
        if report.phase is Phase.FAILED and video.is_ready:
            log.warning("Video %s can be watched, though not all was made: %s", video.pk, report.error_code)


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
