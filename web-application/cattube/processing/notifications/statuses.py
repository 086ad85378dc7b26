"""Signed Assembly Statuses that an engine sends, however they come."""

import logging

from django.conf import settings

from cattube.errors import NotFound, SiteBusy, SiteError
from cattube.processing.lifecycle.apply import Outcome, apply_status
from cattube.processing.transloadit.doctor_assembly import is_test_assembly
from cattube.processing.transloadit.signature import verify
from cattube.processing.transloadit.status_parser import parse_status_text
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
    verify(text, signature, secret=settings.TRANSLOADIT_SECRET)
    if is_test_assembly(text):
        return Outcome.UNCHANGED
    report = parse_status_text(text)
    try:
        outcome = apply_status(report)
    except StoreError as error:
        log.warning("Objects of Assembly %s could not be removed: %s", report.assembly_id, error)
        raise SiteBusy from error
    if outcome is Outcome.UNKNOWN:
        # The engine comes again after this: its notification may have overtaken the record.
        raise NotFound(f"There is no video {report.video_id} with attempt {report.attempt}.")
    log.info("Assembly %s of video %s: %s", report.assembly_id, report.video_id, outcome.value)
    return outcome
