"""What `flask plan` prints, for given facts and without ffmpeg."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cattube_worker.commands.plan_view import SourceFile, plan_document, plan_lines
from cattube_worker.execution.steps.fetched_images import BUILTIN_WATERMARK_PATH
from cattube_worker.instructions.plan import compile_plan
from cattube_worker.instructions.steps import read_steps
from cattube_worker.media.encode.filters.branches import Frames
from cattube_worker.media.encode.stream_copy import Copyable
from cattube_worker.media.geometry import Size
from cattube_worker.media.process.limits import Limits

TEMPLATE = Path(__file__).parents[3] / "contract" / "templates" / "cattube.json"
FULL_HD = Frames(size=Size(1920, 1080), duration_seconds=60, has_audio=True)


def document(steps: dict[str, Any], frames: Frames = FULL_HD) -> dict[str, Any]:
    marks = dict.fromkeys(("watermarked", "1080p", "480p", "360p"), BUILTIN_WATERMARK_PATH)
    source = SourceFile(path=Path("/clip"), frames=frames, folder=Path("/job"), watermarks=marks)
    return plan_document(compile_plan(read_steps(steps)), source, limits=Limits())


def our_template() -> dict[str, Any]:
    steps: dict[str, Any] = json.loads(TEMPLATE.read_text())["steps"]
    return steps


def test_our_template_is_told_as_two_processes_with_all_they_make() -> None:
    first, _, ladder, *others = document(our_template())["nodes"]

    assert [each["process"] for each in others] == [None] * len(others)
    assert first["process"]["inputs"] == ["/clip", str(BUILTIN_WATERMARK_PATH)]
    assert [(each["step"], each["frames_of"], each["video"]) for each in first["process"]["outputs"]] == [
        ("resized", ":original", "libx264"),
        ("watermarked", "resized", "libx264"),
        ("thumbnail", "watermarked", "stills"),
        ("storyboard", "watermarked", "sheet"),
    ]
    assert {(each["width"], each["height"]) for each in first["process"]["outputs"][:2]} == {(1280, 720)}
    assert first["process"]["arguments"].count("-i") == 2
    assert [(each["step"], each["width"], each["sound"]) for each in ladder["process"]["outputs"]] == [
        ("1080p", 1920, "none"),
        ("480p", 854, "none"),
        ("360p", 640, "none"),
    ]


def test_a_video_filmed_upright_has_as_many_pixels_as_one_that_lies() -> None:
    made = document(our_template(), Frames(size=Size(1080, 1920), duration_seconds=60))["nodes"][0]["process"]

    assert {(each["width"], each["height"]) for each in made["outputs"][:2]} == {(720, 1280)}


def test_a_silent_file_gives_no_sound() -> None:
    made = document(our_template(), Frames(size=Size(64, 48), duration_seconds=1))["nodes"][0]

    assert {each["sound"] for each in made["process"]["outputs"]} == {"none"}
    assert "-c:a" not in made["process"]["arguments"]


def test_a_node_on_files_to_come_says_only_what_it_is() -> None:
    last = {"robot": "/video/thumbs", "use": "a", "count": "${file.meta.width}"}

    a, b = document({"a": {"robot": "/video/encode", "use": ":original"}, "b": last})["nodes"]

    assert a["process"] is not None
    assert b == {
        "name": "b", "steps": [{"name": "b", "robot": "/video/thumbs"}], "uses": ["a"], "filters": [],
        "process": None,
    }  # fmt: skip


def test_a_step_that_waits_for_a_variable_says_only_what_it_is() -> None:
    step = {"robot": "/video/encode", "use": ":original", "width": "${fields.width}"}

    (node,) = document({"a": step})["nodes"]

    assert node["process"] is None


def test_stills_on_one_sheet_are_told_as_that() -> None:
    use = {"steps": ["tiles"], "bundle_steps": True, "group_by_original": True}
    grid = {"direction": "grid", "columns": 10, "cell_width": 160, "cell_height": 90}
    steps = {
        "tiles": {"robot": "/video/thumbs", "count": 100},
        "board": {"robot": "/image/merge", "use": use, "format": "jpg", **grid},
    }

    told = document(steps)

    (node,) = told["nodes"]
    assert [(step["name"], step["robot"]) for step in node["steps"]] == [
        ("tiles", "/video/thumbs"),
        ("board", "/image/merge"),
    ]
    assert list(plan_lines(told))[2] == "   board: 1600x900 of :original, video: sheet"


def test_people_read_the_same_line_by_line() -> None:
    lines = list(plan_lines(document(our_template())))

    assert lines[0] == "1. resized+watermarked+thumbnail+storyboard (of :original)"
    assert "   watermarked: 1280x720 of resized, video: libx264, sound: aac" in lines
    assert lines[6].startswith("   ffmpeg -nostdin ")
    assert lines[-1] == "   streamed: /backblaze/store"


def test_the_plan_is_plain_json() -> None:
    told = document(our_template())

    assert json.loads(json.dumps(told)) == told


def test_what_need_not_be_encoded_is_said_to_be_copied() -> None:
    fitting = Copyable(video_bitrate=2_000_000, frames_per_second=30, audio_bitrate=96_000)
    frames = Frames(size=Size(1280, 720), duration_seconds=60, has_audio=True, copyable=fitting)

    made = document(our_template(), frames)["nodes"][0]

    ways = {each["step"]: (each["video"], each["sound"]) for each in made["process"]["outputs"]}
    assert ways["resized"] == ("copy", "copy")
    assert ways["watermarked"] == ("libx264", "copy")


def test_a_copy_that_gives_no_frames_needs_no_decoder() -> None:
    frames = Frames(
        size=Size(64, 48), duration_seconds=1, copyable=Copyable(video_bitrate=9, frames_per_second=30)
    )

    (node,) = document({"a": {"robot": "/video/encode", "use": ":original"}}, frames)["nodes"]

    assert "-filter_complex" not in node["process"]["arguments"]
    assert "0:V:0" in node["process"]["arguments"]


def test_filters_are_asked_about_the_file() -> None:
    wide = {"robot": "/file/filter", "use": ":original", "accepts": [["${file.meta.width}", ">", "1280"]]}
    steps = {
        "wide": wide,
        "a": {"robot": "/video/encode", "use": "wide", "width": 320, "height": 180},
        "b": {"robot": "/video/encode", "use": ":original", "width": 160, "height": 90},
    }

    def told(*, is_wide: bool) -> dict[str, Any]:
        source = SourceFile(path=Path("/clip"), frames=FULL_HD, folder=Path("/job"), passes=lambda _: is_wide)
        return plan_document(compile_plan(read_steps(steps)), source, limits=Limits())

    passing, declining = told(is_wide=True), told(is_wide=False)

    assert [each["step"] for each in passing["nodes"][0]["process"]["outputs"]] == ["b", "a"]
    assert [each["step"] for each in declining["nodes"][0]["process"]["outputs"]] == ["b"]
    assert "   as far as it passes wide" in plan_lines(declining)
