"""State machine of a video: the state after a report. Pure."""

from dataclasses import dataclass, replace

from cattube.processing.lifecycle.error_messages import NOT_A_VIDEO, message_for
from cattube.processing.transloadit.status.assembly_status import WORKING, AssemblyStatus, Original, Phase
from cattube.videos.models import Asset
from cattube.videos.states import IMPROVING, Status, is_settled, may_follow

# Results that have to be stored before viewers see a video that is still worked on.
NEEDED = {Asset.Role.WATERMARKED, Asset.Role.THUMBNAIL}


@dataclass(frozen=True, kw_only=True)
class State:
    """Fields of a video that reports may change. phase: of the work, empty when it has ended.

    A video is ready before that, as soon as one good rendition is stored: its phase is IMPROVING then.
    """

    status: str
    progress: int = 0
    phase: str = ""
    queue_position: int | None = None
    original: Original | None = None
    growing_hls_url: str = ""
    error_code: str = ""
    error_message: str = ""


SETTLED = State(status=Status.READY, progress=100)


def state_after(current: State, report: AssemblyStatus) -> State:
    """State after `report`; `current` itself when the report comes too late to change it.

    Reports may come twice, late and in any order. An end stays as it is, and progress never falls.
    """
    return _later_state(current, _state_in(report))


def state_after_failure(current: State, error_code: str) -> State:
    """State when nothing more can come, for this reason."""
    return _later_state(current, _failed(error_code))


def _later_state(current: State, reported: State) -> State:
    if is_settled(current.status, current.phase):
        return current
    if current.status == Status.READY and reported.status == Status.FAILED:
        return SETTLED  # what can be watched is never hidden again
    if not may_follow(current.status, reported.status):
        return current
    if reported.status == current.status and reported.progress < current.progress:
        return current
    if reported.phase == IMPROVING:
        # Nobody is sent there any more. Whoever watches goes on until the engine ends it.
        return replace(reported, growing_hls_url=current.growing_hls_url)
    return reported


def _failed(error_code: str, words: str = "") -> State:
    return State(status=Status.FAILED, error_code=error_code, error_message=message_for(error_code, words))


def _state_in(report: AssemblyStatus) -> State:
    """State that the report alone would give a video."""
    stored = {result.role for result in report.results}
    if report.is_final and Asset.Role.WATERMARKED in stored:
        return SETTLED
    if report.is_final:
        # Robots pass over a file that is no video: to the engine, an Assembly without results is a success.
        return _failed(report.error_code or NOT_A_VIDEO, report.error_words)
    if report.phase in WORKING and stored >= NEEDED:
        return State(status=Status.READY, progress=100, phase=IMPROVING)
    # Without what is needed there is nothing to improve: a template that makes no thumbnail, say.
    phase = Phase.PROCESSING if report.phase is Phase.IMPROVING else report.phase
    return State(
        status=Status.UPLOADING if phase is Phase.UPLOADING else Status.PROCESSING,
        progress=report.percent,
        phase=phase.value,
        queue_position=report.queue_position,
        original=report.original,
        growing_hls_url=report.growing_hls_url,
    )
