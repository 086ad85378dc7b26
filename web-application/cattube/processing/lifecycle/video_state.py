"""State of a video, read from its record and written back into it."""

from django.utils import timezone

from cattube.processing.lifecycle.eta import Estimate, estimate_after, estimate_from
from cattube.processing.lifecycle.transition import State
from cattube.processing.transloadit.status.assembly_status import Original, Phase
from cattube.videos.models import Video
from cattube.videos.states import IMPROVING

# Columns that `set_state` changes.
STATE_FIELDS = (
    *("status", "progress", "phase", "queue_position", "error_code", "error_message"),
    *("pace_since", "pace_from_percent", "ends_at", "original_url", "original_type", "growing_hls_url"),
)


def state_of(video: Video) -> State:
    """State in the video's record."""
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
    """Change the fields of `video`; the caller saves STATE_FIELDS."""
    estimate = _estimate_after(video, state)
    video.pace_since, video.pace_from_percent = estimate.since, estimate.from_percent
    video.ends_at = estimate.ends_at
    video.status, video.progress = state.status, state.progress
    video.phase, video.queue_position = state.phase, state.queue_position
    video.original_url = state.original.url if state.original else ""
    video.original_type = state.original.content_type if state.original else ""
    video.growing_hls_url = state.growing_hls_url
    video.error_code, video.error_message = state.error_code, state.error_message


def _estimate_after(video: Video, state: State) -> Estimate:
    if state.phase in ("", IMPROVING):
        return Estimate()  # nobody waits any more
    now, waiting = timezone.now(), {Phase.QUEUED.value, Phase.HELD.value}
    if state.status != video.status or waiting & {video.phase, state.phase}:
        # Waiting in the queue is no work: it says nothing about what follows.
        return estimate_from(now, state.progress)
    estimate = Estimate(since=video.pace_since, from_percent=video.pace_from_percent, ends_at=video.ends_at)
    if state.progress == video.progress:
        return estimate
    return estimate_after(estimate, now, state.progress)
