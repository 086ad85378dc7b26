"""Progress of an assembly of which a job is done in parts."""

from __future__ import annotations

from cattube_worker.assemblies.model import WORK, Job
from cattube_worker.assemblies.status.progress import progress_percent
from cattube_worker.instructions.plan import compile_plan
from cattube_worker.instructions.steps import read_steps

PLAN = compile_plan(
    read_steps(
        {
            ":original": {"robot": "/upload/handle"},
            "small": {"robot": "/video/encode", "use": ":original", "preset": "web/mp4/360p"},
        }
    )
)


def job(name: str, *, state: str = "running", progress: float = 0.0, frames: int | None = None) -> Job:
    part = {"part_of": "whole", "part": {"frames": frames}} if frames is not None else {}
    return Job(id=name, node="small", queue=WORK, inputs=name, state=state, progress=progress, **part)


def test_m76_progress_is_that_of_all_frames_and_of_the_join() -> None:
    """M76: the sound has no frames, and takes little time."""
    whole = job("whole")
    first = job("first", state="done", frames=300)
    second = job("second", progress=0.5, frames=100)
    sound = job("sound", state="waiting", frames=0)

    assert progress_percent(PLAN, [whole, first, second, sound]) == 85
    second.state = "done"
    assert progress_percent(PLAN, [whole, first, second, sound]) == 98
    whole.progress = 0.5
    assert progress_percent(PLAN, [whole, first, second, sound]) == 99
