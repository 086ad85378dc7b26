"""Signed Assembly Statuses that an engine sends, however they come."""

import logging
from collections.abc import Sequence

from django.conf import settings

from cattube.errors import NotFound, SiteBusy, SiteError
from cattube.processing.lifecycle.apply import Outcome, apply_status, apply_statuses
from cattube.processing.transloadit.doctor_assembly import is_test_assembly
from cattube.processing.transloadit.signature import verify
from cattube.processing.transloadit.status.assembly_status import AssemblyStatus
from cattube.processing.transloadit.status.status_parser import parse_status_text
from cattube.storage.objects import StoreError

log = logging.getLogger(__name__)


class NotificationTooLarge(SiteError):
    code, status = "INVALID_FORM_DATA", 413

    def __init__(self) -> None:
        super().__init__("The notification is larger than any status we know.")


def receive_status(text: str, signature: str) -> Outcome:
    """Apply the status in the JSON `text`, if the engine has signed exactly that.

    Raises InvalidSignature, InvalidStatus, NotFound for a video that may still come, SiteBusy.
    """
    report = signed_status(text, signature)
    if report is None:
        return Outcome.UNCHANGED
    try:
        outcome = apply_status(report)
    except StoreError as error:
        log.warning("Objects of Assembly %s could not be removed: %s", report.assembly_id, error)
        raise SiteBusy from error
    if outcome is Outcome.UNKNOWN:
        # The engine comes again after this: its notification may have overtaken the record.
        raise NotFound(f"There is no video {report.video_id} with attempt {report.attempt}.")
    _log(report, outcome)
    return outcome


def receive_statuses(reports: Sequence[AssemblyStatus]) -> list[bool]:
    """Apply statuses of different videos, all or none, and tell of each if it is done.

    The others are to come to `receive_status`.
    """
    outcomes = apply_statuses(reports)
    for report, outcome in zip(reports, outcomes, strict=True):
        _log(report, outcome)
    return [outcome in (Outcome.APPLIED, Outcome.UNCHANGED) for outcome in outcomes]


def signed_status(text: str, signature: str) -> AssemblyStatus | None:
    """The status in `text`, if the engine has signed exactly that; None of the doctor's test Assembly.

    Raises InvalidSignature, InvalidStatus.
    """
    verify(text, signature, secret=settings.TRANSLOADIT_SECRET)
    return None if is_test_assembly(text) else parse_status_text(text)


def _log(report: AssemblyStatus, outcome: Outcome) -> None:
    log.info("Assembly %s of video %s: %s", report.assembly_id, report.video_id, outcome.value)
