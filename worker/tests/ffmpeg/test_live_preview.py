"""A video that is shown while it is made is the same video, and what is shown of it plays."""

from __future__ import annotations

import io
import os
import re
import subprocess
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cattube_worker.execution.steps.dispatch import frame_steps
from cattube_worker.execution.steps.frames import frames_of, plan_steps
from cattube_worker.instructions.steps import read_steps
from cattube_worker.media.encode.command import PipeInput
from cattube_worker.media.encode.render import render_branches
from cattube_worker.media.encode.stream_copy import Copyable
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.inspect.probe import describe
from cattube_worker.media.inspect.video_facts import VideoFacts
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.workspace import Workspace
from cattube_worker.storage import Stores

from ..server.conftest import PATIENCE_SECONDS, wait_until
from .conftest import ffmpeg

if TYPE_CHECKING:
    from cattube_worker.media.process.tools import Tools
    from tests.ffmpeg.conftest import Bench, Clip

pytestmark = pytest.mark.ffmpeg
SMALL = {"robot": "/video/encode", "use": ":original", "preset": "hls/720p", "width": 160, "height": 90}
SHOWN = {**SMALL, "result": True}


def digest(path: Path, *arguments: str) -> str:
    """Of what ffmpeg makes of the file with these arguments; any complaint is a failure."""
    command = ["ffmpeg", "-v", "error", "-nostdin", "-xerror", "-i", str(path), *arguments, "-"]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    assert said.stderr == ""
    return said.stdout


def pictures(path: Path) -> str:
    return digest(path, "-map", "0:v", "-fps_mode", "passthrough", "-f", "md5")


def joined(folder: Path) -> Path:
    """What a player that reads the playlist in `folder` has got in the end."""
    playlist = (folder / "live.m3u8").read_text()
    names = re.findall(r'^#EXT-X-MAP:URI="(.+)"$|^([^#\s]+)$', playlist, re.MULTILINE)
    whole = folder / "joined.mp4"
    whole.write_bytes(b"".join((folder / (init or segment)).read_bytes() for init, segment in names))
    return whole


@pytest.mark.parametrize("name", ["silent.mp4", "web.webm", "variable.mp4"])
def test_the_file_is_the_same_byte_for_byte_whether_it_was_shown_or_not(
    bench: Bench, clip: Clip, name: str
) -> None:
    hidden = bench.run({"a": SMALL}, bench.upload(clip(name)))[-1]
    shown = bench.run({"b": SHOWN}, bench.upload(clip(name)))[-1]

    assert shown.md5hash == hidden.md5hash
    assert shown.path is not None
    movie = shown.path.read_bytes()
    assert movie.index(b"moov") < movie.index(b"mdat")
    assert [path.name for path in bench.folder.glob("job-*/*/*.live")] == ["made-0.live"]


@pytest.mark.parametrize("name", ["plain.mp4", "rotated.mp4"])
def test_where_sound_is_kept_its_packets_and_those_of_the_pictures_are_the_same(
    bench: Bench, clip: Clip, name: str
) -> None:
    """Their order is not: there, ffmpeg by itself makes two files of two runs now and then."""
    hidden = bench.run({"a": SMALL}, bench.upload(clip(name)))[-1]
    shown = bench.run({"b": SHOWN}, bench.upload(clip(name)))[-1]

    assert hidden.path is not None
    assert shown.path is not None
    packets = ("-map", "0", "-c", "copy", "-f", "streamhash")
    assert digest(shown.path, *packets) == digest(hidden.path, *packets)
    assert shown.meta == hidden.meta


@pytest.mark.parametrize("name", ["plain.mp4", "silent.mp4", "variable.mp4", "one-frame-long-sound.mp4"])
def test_what_was_shown_is_all_of_the_file(bench: Bench, clip: Clip, name: str) -> None:
    made = bench.run({"a": SHOWN}, bench.upload(clip(name)))[-1]

    (folder,) = bench.folder.glob("job-*/*/*.live")
    playlist = (folder / "live.m3u8").read_text()
    assert made.path is not None
    assert "#EXT-X-PLAYLIST-TYPE:EVENT" in playlist
    assert playlist.endswith("#EXT-X-ENDLIST\n")
    assert pictures(joined(folder)) == pictures(made.path)


def test_pieces_last_half_a_second(bench: Bench, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=320x180:r=30000/1001:d=7", "-c:v", "libx264", film)

    bench.run({"a": SHOWN}, bench.upload(film))

    (playlist,) = bench.folder.glob("job-*/*/*.live/live.m3u8")
    lengths = [float(each) for each in re.findall(r"#EXTINF:([\d.]+)", playlist.read_text())]
    assert lengths == pytest.approx([0.5] * 14, abs=0.15)


@pytest.mark.parametrize("name", ["a b", "it's", "a|b", "[f=null]", "a:b=c,d", "a\\b", "Grüße", "100%"])
def test_the_data_may_lie_in_a_folder_of_any_name(
    tmp_path: Path, tools: Tools, bench: Bench, clip: Clip, name: str
) -> None:
    engine = type(bench)(folder=tmp_path / name, tools=tools)
    engine.folder.mkdir()

    made = engine.run({"a": SHOWN}, engine.upload(clip("plain.mp4")))[-1]

    assert made.meta["duration"] == pytest.approx(2, abs=0.1)
    # What ffmpeg wrote elsewhere would not be in there.
    assert {path.name for path in (engine.folder / "job-0/input-0/made-0.live").iterdir()} == {
        *(f"{number}.m4s" for number in range(4)), "init.mp4", "live.m3u8",
    }  # fmt: skip


def test_m11_file_and_stream_end_at_the_size_that_is_allowed(bench: Bench, clip: Clip) -> None:
    """Without a second try: it would end in the same way."""
    bench = bench.with_limits(max_output_bytes=20_000)
    large = {**SHOWN, "width": 1280, "height": 720}

    with pytest.raises(InvalidInput, match=r'What is made of "large\.mp4" is larger than') as refused:
        bench.run({"a": large}, bench.upload(clip("large.mp4")))

    sizes = [path.stat().st_size for path in bench.folder.glob("job-*/**/*") if path.is_file()]
    assert not refused.value.retryable
    assert sum(sizes) <= 2 * 20_480


def test_the_stream_grows_while_the_file_is_still_coming(tmp_path: Path, tools: Tools) -> None:
    film = tmp_path / "film.mp4"
    sound = ["-f", "lavfi", "-i", "sine=d=10"]
    ffmpeg(
        *("-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=10", *sound, "-c:v", "libx264", "-c:a", "aac"),
        *("-movflags", "+faststart", film),
    )
    content, folder = film.read_bytes(), tmp_path / "workspace"
    folder.mkdir()
    published: list[Path] = []
    workspace = _workspace(folder, tools, published)
    paths: dict[str, Any] = {}
    reading, writing = os.pipe()
    taken = [reading]

    def render_film() -> None:
        source = PipeInput("mov", taken.pop)
        try:
            branches = _branches(film, workspace)
            paths.update(render_branches(source, *branches, name="film.mp4", workspace=workspace))
        finally:
            for pipe in taken:  # Else whoever writes would wait for a reader that never comes.
                os.close(pipe)

    encoder = threading.Thread(target=render_film)
    encoder.start()
    with io.FileIO(writing, "w") as pipe:
        pipe.write(content[: len(content) * 7 // 10])
        wait_until(lambda: (folder / "made-0.live/live.m3u8").exists() or not encoder.is_alive())
        playlist = (folder / "made-0.live/live.m3u8").read_text()
        seen = pictures(joined(folder / "made-0.live"))
        pipe.write(content[len(content) * 7 // 10 :])
    encoder.join()

    assert published == [folder / "made-0.live"]
    assert "#EXT-X-ENDLIST" not in playlist
    assert paths == {"a": [folder / "made-0"]}
    assert seen != pictures(paths["a"][0]) == pictures(joined(folder / "made-0.live"))


def _workspace(folder: Path, tools: Tools, published: list[Path]) -> Workspace:
    return Workspace(
        folder=folder,
        tools=tools,
        limits=Limits(wall_clock_seconds=PATIENCE_SECONDS),
        report=lambda share: None,
        stop=threading.Event(),
        stores=Stores(),
        publish=published.append,
    )


def _branches(film: Path, workspace: Workspace) -> tuple[VideoFacts, list[Any]]:
    facts = describe(film, name=film.name, tools=workspace.tools, limits=workspace.limits)
    video = VideoFacts.from_meta(facts.meta)
    assert video is not None
    step = read_steps({"a": SHOWN})["a"]
    steps = frame_steps([step], {"a": step.params}, workspace)
    planned = plan_steps(frames_of(video, Copyable(), workspace.tools), steps, workspace.folder)
    return video, [item.branch for item in planned]
