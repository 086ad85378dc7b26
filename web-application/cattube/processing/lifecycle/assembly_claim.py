"""Claim that an Assembly carries the file of a video: by an uploader, or by a list in which it was found."""

from __future__ import annotations

from typing import Any

from cattube.errors import SiteError
from cattube.processing.lifecycle.apply import apply_answer
from cattube.processing.transloadit.client import EngineUnreachable, engine_client
from cattube.processing.transloadit.status.assembly_status import AssemblyStatus, InvalidStatus
from cattube.processing.transloadit.status.status_parser import parse_status
from cattube.videos.models import Video
from cattube.videos.states import Status


class ForeignAssembly(SiteError):
    """The Assembly was not made with the options of this attempt at the video."""

    code, status = "FOREIGN_ASSEMBLY", 409

    def __init__(self) -> None:
        super().__init__(
            "This Assembly was not made with the options that this site signed for this upload of the video. "
            "Make it with those. Then you need not name it."
        )


def claim_assembly(video: Video, assembly_id: str) -> bool:
    """Record which Assembly carries the video's file; False when the file has arrived already.

    One that the engine does not know, or that it cannot be asked about, is taken until it can, but never in
    place of another. Raises ForeignAssembly.
    """
    if video.assembly_id == assembly_id:
        return True
    if video.status != Status.UPLOADING:
        return False
    document = _ask(assembly_id)
    if document is not None:
        report = report_about(video, document)
        if report is None or report.assembly_id != assembly_id:
            raise ForeignAssembly
        apply_answer(report)
        return True
    if video.assembly_id:
        raise ForeignAssembly
    unclaimed = Video.objects.filter(
        pk=video.pk, attempt=video.attempt, status=Status.UPLOADING, assembly_id=""
    )
    return bool(unclaimed.update(assembly_id=assembly_id))


def report_about(video: Video, document: dict[str, Any]) -> AssemblyStatus | None:
    """Status in the document, if its params were signed for the video's present attempt.

    Only this site and the uploader know the attempt's folder. Who names it need not have signed.
    """
    try:
        report = parse_status(document)
    except InvalidStatus:
        return None
    named = (report.video_id, report.attempt, report.folder)
    return report if named == (video.pk, video.attempt, video.folder) else None


def _ask(assembly_id: str) -> dict[str, Any] | None:
    try:
        return engine_client().status(assembly_id)
    except EngineUnreachable:
        return None
