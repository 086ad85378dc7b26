"""/video/subtitle over real files."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cattube_worker.assemblies.file import AssemblyFile
from cattube_worker.errors import AssemblyError

if TYPE_CHECKING:
    from tests.ffmpeg.conftest import Bench, Clip

pytestmark = pytest.mark.ffmpeg

CUES = "1\n00:00:00,000 --> 00:00:02,000\nMiau, miau, miau\n"


def subtitled(
    bench: Bench, clip: Clip, text: Path, video: str = "plain.mp4", **parameters: Any
) -> AssemblyFile:
    use = {"steps": [":original"], "bundle_steps": True}
    steps = {"made": {"robot": "/video/subtitle", "use": use, **parameters}}
    files = bench.run(steps, bench.upload(clip(video)), bench.upload(text))
    (file,) = [file for file in files if file.step == "made"]
    return file


@pytest.fixture
def cues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cues") / "cat.srt"
    path.write_text(CUES)
    return path


def tracks(file: AssemblyFile) -> list[dict[str, Any]]:
    said = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "s", "-show_streams", "-of", "json", str(file.path)],
        capture_output=True,
        check=True,
    )
    streams: list[dict[str, Any]] = json.loads(said.stdout)["streams"]
    return streams


@pytest.mark.parametrize(
    ("parameters", "video", "codec"),
    [
        pytest.param({}, "plain.mp4", "mov_text", id="as-it-is"),
        pytest.param(
            {"preset": "web/webm/240p", "width": 64, "height": 36}, "plain.mp4", "webvtt", id="webm"
        ),
        pytest.param({}, "web.webm", "mov_text", id="encoded-for-mp4"),
    ],
)
def test_a_track_beside_the_pictures(
    bench: Bench, clip: Clip, cues: Path, parameters: dict[str, Any], video: str, codec: str
) -> None:
    file = subtitled(bench, clip, cues, video, language="deu", name="Deutsch", **parameters)

    (track,) = tracks(file)
    assert (track["codec_name"], track["tags"]["language"]) == (codec, "deu")
    assert file.meta["num_subtitles"] == 1
    assert file.meta["num_audio_streams"] == 1


def test_pictures_untouched_by_a_track_are_not_encoded_again(bench: Bench, clip: Clip, cues: Path) -> None:
    file = subtitled(bench, clip, cues)

    digests = [_pictures(path) for path in (clip("plain.mp4"), file.path)]
    assert digests[0] == digests[1]


@pytest.mark.parametrize("style", [{}, {"border_style": "box"}, {"position": "top", "font_size": 40}])
def test_burned_subtitles_are_in_the_pictures(
    bench: Bench, clip: Clip, cues: Path, style: dict[str, Any]
) -> None:
    file = subtitled(bench, clip, cues, "dark.mp4", subtitles_type="burn", **style)

    assert file.meta["num_subtitles"] == 0
    assert _brightest(file.path) > 200


def test_a_file_without_cues_is_named(
    bench: Bench, clip: Clip, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = tmp_path_factory.mktemp("cues") / "empty.vtt"
    text.write_text("WEBVTT\n")

    with pytest.raises(AssemblyError, match=r"empty\.vtt") as caught:
        subtitled(bench, clip, text)

    assert caught.value.code == "INVALID_INPUT_ERROR"


def _pictures(path: Path | None) -> str:
    return _said("-i", str(path), "-map", "0:v", "-f", "md5", "-").stdout


def _brightest(path: Path | None) -> int:
    graph = "signalstats,metadata=print:key=lavfi.signalstats.YMAX:file=-"
    said = _said("-i", str(path), "-vf", graph, "-frames:v", "10", "-f", "null", "-").stdout
    return max(int(line.rpartition("=")[2]) for line in said.splitlines() if "YMAX" in line)


def _said(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["ffmpeg", "-v", "error", *arguments], capture_output=True, text=True, check=True)
