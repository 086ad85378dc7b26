"""Which step's video people may watch while it is made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cattube_worker.execution.steps.frames import FrameStep, fingerprints_of, frame_step, plan_steps
from cattube_worker.instructions.plan import compile_plan
from cattube_worker.instructions.steps import read_steps
from cattube_worker.media.encode.filters.branches import Frames
from cattube_worker.media.encode.stream_copy import Copyable
from cattube_worker.media.geometry import Size

TEMPLATE = Path(__file__).parents[4] / "contract" / "templates" / "cattube.json"
SMALL = Frames(size=Size(640, 360), duration_seconds=60, has_audio=True)
FITTING = Copyable(video_bitrate=200_000, frames_per_second=30, audio_bitrate=96_000)
ENCODE = {"robot": "/video/encode", "use": ":original", "preset": "web/mp4/360p"}
ASKED = {**ENCODE, "result": True}


def growing(steps: dict[str, Any], frames: Frames = SMALL) -> dict[str, Path]:
    """The steps that grow when the first node of `steps` works on those frames, and where."""
    node = compile_plan(read_steps(steps)).nodes[0]
    robots = {step.name: step.params for step in node.steps}
    ready = [frame_step(step, robots, watermark=None) for step in node.steps]
    planned = plan_steps(frames, ready, Path("/job"))
    return {
        item.step.name: item.branch.output.live_preview for item in planned if item.branch.output.live_preview
    }


def test_of_our_template_the_video_with_the_mark_grows_and_the_one_without_it_never() -> None:
    steps = json.loads(TEMPLATE.read_text())["steps"]

    assert growing(steps) == {"watermarked": Path("/job/made-1.live")}


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(ENCODE, id="not-asked-for"),
        pytest.param({**ASKED, "result": "debug"}, id="asked-for-by-its-maker-only"),
        pytest.param({**ASKED, "queue": "batch"}, id="may-take-its-time"),
        pytest.param({**ASKED, "segment": True}, id="in-pieces"),
        pytest.param({**ASKED, "ffmpeg": {"ss": 3}}, id="from-a-moment-on"),
        pytest.param({**ASKED, "ffmpeg": {"t": 3}}, id="up-to-a-moment"),
        pytest.param({**ASKED, "preset": "web/webm/360p"}, id="no-mp4"),
        pytest.param({"robot": "/video/thumbs", "use": ":original", "result": True}, id="stills"),
    ],
)
def test_nothing_else_is_shown_before_it_is_finished(step: dict[str, Any]) -> None:
    assert growing({"a": step}) == {}


def test_what_is_copied_is_there_at_once_and_need_not_grow() -> None:
    frames = Frames(size=Size(640, 360), duration_seconds=60, has_audio=True, copyable=FITTING)

    assert growing({"a": ASKED}, frames) == {}
    assert growing({"a": {**ASKED, "width": 320, "height": 180}}, frames) == {"a": Path("/job/made-0.live")}


def test_only_the_first_that_may_is_shown() -> None:
    assert growing({"a": ENCODE, "b": ASKED, "c": {**ASKED, "width": 320}}).keys() == {"b"}


def test_what_is_to_be_done_is_the_same_whether_it_is_shown_or_not() -> None:
    """Outputs prepared while the upload arrives are compared by their fingerprints."""
    step = FrameStep(name="a", robot=read_steps({"a": ASKED})["a"].params, source=None)  # type: ignore[arg-type]

    early, late = (plan_steps(SMALL, [step], Path(folder)) for folder in ("/early", "/job"))

    assert fingerprints_of(early) == fingerprints_of(late)
    assert early[0].branch.output.live_preview != late[0].branch.output.live_preview
