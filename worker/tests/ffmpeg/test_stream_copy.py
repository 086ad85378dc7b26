"""What fits already is not encoded again: the same results, in a fraction of the time."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

from cattube_worker.execution.steps import frame_process
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.media.encode.stream_copy import check_copied
from cattube_worker.media.workspace import Workspace

if TYPE_CHECKING:
    from cattube_worker.media.process.tools import Tools
    from tests.ffmpeg.conftest import Bench

pytestmark = pytest.mark.ffmpeg

PICTURE = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=3"]
SOUND = ["-f", "lavfi", "-i", "sine=f=440:r=48000:d=3"]
FITTING = [
    "-c:v",
    "libx264",
    "-pix_fmt",
    "yuv420p",
    "-g",
    "50",
    "-b:v",
    "300k",
    "-maxrate",
    "350k",
    "-bufsize",
    "300k",
]
AAC = ["-c:a", "aac", "-b:a", "96k", "-ac", "2"]
RED_HERRINGS = ["-movflags", "use_metadata_tags", "-metadata", "location=+52.5200+013.4050/"]


def ffmpeg(tools: Tools, *arguments: str | Path) -> bytes:
    command = [tools.ffmpeg, "-v", "error", "-nostdin", "-y", *arguments]
    return subprocess.run([*map(str, command)], check=True, capture_output=True).stdout


def clip(tools: Tools, folder: Path, *options: str, name: str = "clip.mp4") -> Path:
    path = folder / name
    ffmpeg(tools, *PICTURE, *SOUND, *options, path)
    return path


def made(bench: Bench, path: Path, template: dict[str, Any]) -> dict[str, AssemblyFile]:
    return {file.step: file for file in bench.run(template, bench.upload(path))}


def packets(tools: Tools, path: Path | None, kind: str) -> bytes:
    """The digest of each picture or sound as it is stored, without what is between them."""
    units = ["-bsf:v", "filter_units=remove_types=6"] if kind == "v" else []
    hashed = ffmpeg(tools, "-i", path or "", "-map", f"0:{kind}", "-c", "copy", *units, "-f", "framemd5", "-")
    return b"\n".join(line.rsplit(b",", 1)[-1] for line in hashed.splitlines() if not line.startswith(b"#"))


# Matroska does not tell how many bits the sound has.
@pytest.mark.parametrize(("name", "kept"), [("clip.mp4", "va"), ("clip.mov", "va"), ("clip.mkv", "v")])
def test_what_fits_is_kept_and_its_frames_still_feed_the_steps_after_it(
    bench: Bench, tmp_path: Path, template: dict[str, Any], name: str, kept: str
) -> None:
    source = clip(bench.tools, tmp_path, *FITTING, *AAC, name=name)

    files = made(bench, source, template)

    resized, watermarked = files["resized"], files["watermarked"]
    for kind in kept:
        assert packets(bench.tools, resized.path, kind) == packets(bench.tools, source, kind)
    assert packets(bench.tools, watermarked.path, "v") != packets(bench.tools, source, "v")
    assert packets(bench.tools, watermarked.path, "a") == packets(bench.tools, resized.path, "a")
    assert resized.meta.keys() == watermarked.meta.keys()
    assert resized.meta["duration"] == pytest.approx(3, abs=0.1)
    assert resized.mime == "video/mp4"
    movie = resized.path.read_bytes() if resized.path else b""
    assert movie.index(b"moov") < movie.index(b"mdat")
    assert files["thumbnail"].meta["width"] == 640


@pytest.mark.parametrize(
    "options",
    [
        pytest.param([*FITTING, *AAC, "-b:v", "3M", "-minrate", "3M", "-maxrate", "3M", "-bufsize", "3M",
                      "-x264-params", "nal-hrd=cbr"], id="more-bits-than-ours"),
        pytest.param([*FITTING[:2], "-pix_fmt", "yuv422p", *FITTING[4:], *AAC], id="other-pixels"),
        pytest.param([*FITTING, *AAC, "-vf", "setsar=4/3"], id="oblong-pixels"),
        pytest.param(
            [*FITTING, *AAC, "-vf", "select='not(mod(n,9))+lt(n,30)'", "-fps_mode", "vfr"], id="uneven"
        ),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_encoded(
    bench: Bench, tmp_path: Path, template: dict[str, Any], options: list[str]
) -> None:
    source = clip(bench.tools, tmp_path, *options)

    resized = made(bench, source, template)["resized"]

    assert packets(bench.tools, resized.path, "v") != packets(bench.tools, source, "v")
    assert resized.meta["pixel_format"] == "yuv420p"


def test_m14_what_fits_but_is_broken_inside_is_not_kept(
    bench: Bench, tmp_path: Path, template: dict[str, Any]
) -> None:
    source = clip(bench.tools, tmp_path, *FITTING, *AAC, "-movflags", "+faststart")
    movie = bytearray(source.read_bytes())
    end = len(movie)
    movie[end - end // 6 : end] = bytes(end // 6)  # the last pictures are nothing but zeros
    source.write_bytes(movie)

    resized = made(bench, source, template)["resized"]

    said = subprocess.run(
        [bench.tools.ffmpeg, "-v", "error", "-i", str(resized.path), "-map", "0:v", "-f", "null", "-"],
        capture_output=True, check=True,
    )  # fmt: skip
    assert said.stderr == b""


def test_m20_where_it_was_filmed_is_not_kept(bench: Bench, tmp_path: Path, template: dict[str, Any]) -> None:
    source = clip(bench.tools, tmp_path, *FITTING, *AAC, *RED_HERRINGS)
    assert b"+52.5200" in source.read_bytes()
    assert (
        b"x264 - core" in source.read_bytes()
    )  # a message to nobody among the pictures, as cameras send them

    resized = made(bench, source, template)["resized"]

    kept = resized.path.read_bytes() if resized.path else b""
    assert packets(bench.tools, resized.path, "v") == packets(bench.tools, source, "v")
    assert b"+52.5200" not in kept
    assert b"x264 - core" not in kept


def test_a_file_that_fits_alone_needs_no_frame_at_all(bench: Bench, tmp_path: Path) -> None:
    source = clip(bench.tools, tmp_path, *FITTING, "-an")
    step = {
        "robot": "/video/encode",
        "use": ":original",
        "preset": "web/mp4/720p",
        "resize_strategy": "fit",
        "zoom": False,
    }

    files = made(bench, source, {"only": step})

    assert packets(bench.tools, files["only"].path, "v") == packets(bench.tools, source, "v")
    assert files["only"].meta["num_audio_streams"] == 0


def test_copies_are_checked_while_their_digests_are_taken(
    bench: Bench, tmp_path: Path, template: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, is_checked = clip(bench.tools, tmp_path, *FITTING, *AAC), Event()
    describe = Workspace.describe

    def check_and_tell(paths: Sequence[Path], workspace: Workspace) -> None:
        check_copied(paths, workspace)
        is_checked.set()

    def describe_once_checked(self: Workspace, path: Path, *, name: str) -> Any:
        if path.name.startswith("made-0"):
            assert is_checked.wait(60)
        return describe(self, path, name=name)

    monkeypatch.setattr(frame_process, "check_copied", check_and_tell)
    monkeypatch.setattr(Workspace, "describe", describe_once_checked)

    resized = made(bench, source, template)["resized"]

    assert packets(bench.tools, resized.path, "v") == packets(bench.tools, source, "v")
