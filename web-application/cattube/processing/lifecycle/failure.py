"""Failure of an attempt at a video, for a reason that the site has found itself."""

import logging

from django.db import transaction

from cattube.processing.lifecycle.transition import state_after_failure
from cattube.processing.lifecycle.video_state import STATE_FIELDS, set_state, state_of
from cattube.videos.models import Video

log = logging.getLogger(__name__)


def fail(video: Video, error_code: str) -> None:
    """End the present attempt, unless a report has come in the meantime that says more.

    A video that can be watched stays as good as it is.
    """
    attempt = Video.objects.filter(pk=video.pk, attempt=video.attempt, assembly_id=video.assembly_id)
    with transaction.atomic():
        current = attempt.select_for_update().first()
        if current is None or current.is_settled:
            return
        set_state(current, state_after_failure(state_of(current), error_code))
        current.save(update_fields=STATE_FIELDS)
    log.warning("Nothing more comes of video %s (%s): %s", current.pk, current.status, error_code)
