"""What a report makes of a video: the state machine, pure and in one place."""

from dataclasses import dataclass

from cattube.processing.reasons import NOT_A_VIDEO, sentence
from cattube.processing.report import Original, Phase, Report
from cattube.videos.models import Asset
from cattube.videos.states import Status, may_follow


@dataclass(frozen=True, kw_only=True)
class State:
    """The part of a video that reports may change. phase: of the work, empty when it has ended."""

    status: str
    progress: int = 0
    phase: str = ""
    queue_position: int | None = None
    original: Original | None = None
    error_code: str = ""
    error_message: str = ""


def state_after(now: State, report: Report) -> State:
    """The state after `report`; `now` itself when the report comes too late to change it.

    Reports may come twice, late and in any order. An end stays as it is, and progress never falls.
    """
    then = _state_in(report)
    if not may_follow(now.status, then.status):
        return now
    if then.status == now.status and then.progress < now.progress:
        return now
    return then


def failed(error_code: str) -> State:
    return State(status=Status.FAILED, error_code=error_code, error_message=sentence(error_code))


def _state_in(report: Report) -> State:
    if report.phase is Phase.FAILED:
        return failed(report.error_code)
    if report.phase is Phase.COMPLETED:
        # Robots pass over a file that is no video: to the engine, an Assembly without results is a success.
        made = any(result.role == Asset.Role.WATERMARKED for result in report.results)
        return State(status=Status.READY, progress=100) if made else failed(NOT_A_VIDEO)
    status = Status.UPLOADING if report.phase is Phase.UPLOADING else Status.PROCESSING
    return State(
        status=status,
        progress=report.percent,
        phase=report.phase.value,
        queue_position=report.queue_position,
        original=report.original,
    )
