"""The first seconds of a live preview come from a fast encoder, and the rest of it joins on."""

from __future__ import annotations

import re
import subprocess
import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cattube_worker.execution.steps.dispatch import frame_steps
from cattube_worker.execution.steps.frames import PlannedStep, frames_of, plan_steps
from cattube_worker.execution.steps.quick_branches import quick_branches
from cattube_worker.instructions.steps import read_steps
from cattube_worker.media.encode.render import QuickStart, quick_command, render, render_branches
from cattube_worker.media.encode.stream_copy import Copyable
from cattube_worker.media.inspect.probe import describe
from cattube_worker.media.inspect.video_facts import VideoFacts
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.run import Stopped
from cattube_worker.media.streams.live_playlist import pieces_of, viewers_playlist
from cattube_worker.media.streams.piece_list import pieces_in
from cattube_worker.media.streams.quick_playlist import broken_off
from cattube_worker.media.workspace import Workspace
from cattube_worker.storage import Stores

from ..programs import programs_below
from .conftest import ffmpeg

if TYPE_CHECKING:
    from cattube_worker.media.process.tools import Tools

pytestmark = pytest.mark.ffmpeg
MakeFilm = Callable[..., Path]
ASKED = {"robot": "/video/encode", "use": ":original", "preset": "hls/720p", "result": True}
SHOWN = {**ASKED, "width": 960, "height": 540}
SECONDS = 9


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> MakeFilm:
    """Makes a film of nine seconds, unless it is there. sound: its source; "" for none."""
    folder = tmp_path_factory.mktemp("films")

    @cache
    def make(*, rate: str = "25", sound: str = "sine=r=48000", size: str = "960x540") -> Path:
        path = folder / uuid.uuid4().hex / "film.mp4"
        path.parent.mkdir()
        heard = ("-f", "lavfi", "-i", sound, "-c:a", "aac") if sound else ()
        ffmpeg(
            *("-f", "lavfi", "-i", f"testsrc2=s={size}:r={rate}", *heard, "-t", str(SECONDS)),
            *("-c:v", "libx264", "-preset", "ultrafast", path),
        )
        return path

    return make


def workspace_in(folder: Path, tools: Tools, **facts: Any) -> Workspace:
    folder.mkdir()
    workspace = Workspace(
        folder=folder,
        tools=tools,
        limits=Limits(),
        report=lambda share: None,
        stop=threading.Event(),
        stores=Stores(),
    )
    return replace(workspace, **facts)


def plan(
    path: Path, workspace: Workspace, step: dict[str, Any] = SHOWN
) -> tuple[VideoFacts, list[PlannedStep]]:
    document = describe(path, name=path.name, tools=workspace.tools, limits=workspace.limits)
    facts = VideoFacts.from_meta(document.meta)
    assert facts is not None
    ready = read_steps({"a": step})["a"]
    steps = frame_steps([ready], {"a": ready.params}, workspace)
    return facts, plan_steps(frames_of(facts, Copyable(), workspace.tools), steps, workspace.folder)


def both(path: Path, workspace: Workspace, *, quick_pieces: int) -> Path:
    """The folder of a live preview whose quick start broke off after so many pieces."""
    facts, planned = plan(path, workspace)
    render_branches(path, facts, [item.branch for item in planned], name=path.name, workspace=workspace)
    command = quick_command(QuickStart(source=path, branches=quick_branches(planned)), facts, workspace)
    render(command, name=path.name, duration_seconds=SECONDS, workspace=workspace)
    folder = workspace.folder / "made-0.live"
    quick = folder / "quick.m3u8"
    end = quick.read_text().index(f"q{quick_pieces - 1}.m4s\n") + len(f"q{quick_pieces - 1}.m4s\n")
    quick.write_text(broken_off(quick.read_text()[:end]))
    return folder


def told(folder: Path) -> str:
    """The playlist of viewers."""
    quick = folder / "quick.m3u8"
    return viewers_playlist((folder / "live.m3u8").read_text(), quick.read_text() if quick.exists() else "")


def parts(folder: Path) -> list[tuple[float, Path]]:
    """Seconds, and an MP4 as players put it together, of what is on either side of the join."""
    result = []
    for number, part in enumerate(told(folder).split("#EXT-X-DISCONTINUITY\n")):
        names = re.findall(r'^#EXT-X-MAP:URI="(.+)"$|^([^#\s]+)$', part, re.MULTILINE)
        files = [folder / piece for init, name in names for piece in pieces_of(init or name)]
        path = folder / f"part-{number}.mp4"
        path.write_bytes(b"".join(file.read_bytes() for file in files))
        result.append((sum(map(float, re.findall(r"#EXTINF:([\d.]+)", part))), path))
    return result


def times(path: Path, stream: str) -> list[float]:
    """Moments of what a decoder gets of a stream, from the first on; any complaint is a failure."""
    command = ["ffmpeg", "-v", "error", "-nostdin", "-xerror", "-i", str(path), "-map", f"0:{stream}"]
    command += ["-copyts", "-fps_mode", "passthrough", "-enc_time_base", "1/90000", "-f", "framecrc", "-"]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    assert said.stderr == ""
    moments = [int(line.split(",")[2]) / 90000 for line in said.stdout.splitlines() if line[0] != "#"]
    return [moment - moments[0] for moment in moments]


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({}, id="plain"),
        pytest.param({"rate": "30000/1001"}, id="ntsc"),
        pytest.param({"rate": "60", "sound": "sine=r=44100"}, id="fast"),
        pytest.param({"rate": "10", "sound": ""}, id="slow-and-silent"),
        pytest.param({"size": "540x960"}, id="upright"),
    ],
)
def test_m60_the_rest_goes_on_with_a_key_frame_and_no_frame_is_missing_or_twice(
    tmp_path: Path, tools: Tools, film: MakeFilm, facts: dict[str, Any]
) -> None:
    """M60"""
    workspace = workspace_in(tmp_path / "job", tools)

    folder = both(film(**facts), workspace, quick_pieces=11)

    (seconds, start), (_, rest) = parts(folder)
    first, made = times(start, "v"), times(workspace.folder / "made-0", "v")
    later = [seconds + moment for moment in times(rest, "v")]
    assert seconds == pytest.approx(4, abs=0.02)
    assert later == pytest.approx([moment for moment in made if moment > 3.99], abs=0.002)
    # At most 30 a second, evenly and up to the join.
    distance = max(made[1], 1 / 30)
    assert [*first, later[0]] == pytest.approx([distance * n for n in range(len(first) + 1)], abs=0.002)


def test_m60_sound_goes_on_at_the_join(tmp_path: Path, tools: Tools, film: MakeFilm) -> None:
    """M60: of what is heard no more is missing or twice than a packet or two."""
    folder = both(film(), workspace_in(tmp_path / "job", tools), quick_pieces=8)

    heard = [times(path, "a")[-1] for _, path in parts(folder)]

    assert sum(heard) == pytest.approx(SECONDS, abs=0.1)


def test_w98_a_quick_start_is_small_and_shows_the_same(tmp_path: Path, tools: Tools, film: MakeFilm) -> None:
    """W98: its pictures are those of the video, in small."""
    workspace = workspace_in(tmp_path / "job", tools)
    (_, start), _ = parts(both(film(), workspace, quick_pieces=8))

    command = ["ffmpeg", "-nostdin", "-i", str(workspace.folder / "made-0"), "-i", str(start), "-lavfi"]
    graph = "[0:v]scale=640:360,trim=end_frame=100[a];[1:v]trim=end_frame=100[b];[a][b]ssim"
    said = subprocess.run(
        [*command, graph, "-fps_mode", "passthrough", "-f", "null", "-"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip

    (similarity,) = re.findall(r"SSIM .*All:([\d.]+)", said.stderr)
    assert float(similarity) > 0.85
    assert start.stat().st_size < 2_000_000


def test_m62_a_video_that_is_watched_is_told_from_its_first_to_its_last_second(
    tmp_path: Path, tools: Tools, film: MakeFilm
) -> None:
    """M62: whichever encoder comes first, and wherever they meet."""

    def watch(folder: Path) -> None:
        (folder / "watched").touch()

    path, workspace = film(), workspace_in(tmp_path / "job", tools, publish=watch)

    run_with_quick_start(path, workspace)

    playlist = told(workspace.folder / "made-0.live")
    assert sum(map(float, re.findall(r"#EXTINF:([\d.]+)", playlist))) == pytest.approx(SECONDS, abs=0.05)
    assert playlist.endswith("#EXT-X-ENDLIST\n")


def run_with_quick_start(path: Path, workspace: Workspace, *, source: Path | None = None) -> None:
    """source: what the quick start is made of; the file itself unless something else is said."""
    facts, planned = plan(path, workspace)
    quick = QuickStart(source=source or path, branches=quick_branches(planned))
    branches = [item.branch for item in planned]
    render_branches(path, facts, branches, name=path.name, workspace=workspace, quick_start=quick)


def test_m61_where_no_quick_start_comes_the_video_is_shown_without(
    tmp_path: Path, tools: Tools, film: MakeFilm
) -> None:
    """M61"""
    path, workspace = film(), workspace_in(tmp_path / "job", tools)
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video")

    run_with_quick_start(path, workspace, source=broken)

    folder = workspace.folder / "made-0.live"
    assert not (folder / "quick.m3u8").exists()
    assert pieces_in((folder / "live.m3u8").read_text())[0][1] == "0.m4s"
    assert "q0.m4s" not in told(folder)


def test_m63_a_cancel_ends_both_encoders(tmp_path: Path, tools: Tools, film: MakeFilm) -> None:
    """M63"""
    path, stop = film(), threading.Event()
    workspace = workspace_in(tmp_path / "job", tools, stop=stop, publish=lambda folder: stop.set())

    with pytest.raises(Stopped):
        run_with_quick_start(path, workspace)

    assert not [thread for thread in threading.enumerate() if thread.name == "engine-quick-start"]
    assert programs_below(workspace.folder) == []
    playlist = workspace.folder / "made-0.live" / "quick.m3u8"
    assert not playlist.exists() or playlist.read_text() == broken_off(playlist.read_text())


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"width": 640, "height": 360}, id="small-itself"),
        pytest.param({"preset": "web/mp4/720p"}, id="without-key-frames-to-join-at"),
        pytest.param({"result": False}, id="nobody-may-watch"),
        pytest.param({"ffmpeg": {"vf": "hflip"}}, id="with-filters-of-its-own"),
        pytest.param({"crop": {"x1": 0, "y1": 0, "x2": 900, "y2": 500}}, id="cut-out"),
    ],
)
def test_m64_what_could_not_look_the_same_has_no_quick_start(
    tmp_path: Path, tools: Tools, clip: Callable[[str], Path], change: dict[str, Any]
) -> None:
    """M64"""
    workspace = workspace_in(tmp_path / "job", tools)

    _, planned = plan(clip("broad.mkv"), workspace, {**SHOWN, **change})
    _, plain = plan(clip("broad.mkv"), workspace)

    assert quick_branches(planned) == []
    assert quick_branches(plain) != []
