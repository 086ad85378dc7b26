"""/video/subtitle over real files."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cattube_worker.errors import AssemblyError
from cattube_worker.instructions.assembly_file import AssemblyFile

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


def test_several_files_become_several_tracks(
    bench: Bench, clip: Clip, cues: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    german = tmp_path_factory.mktemp("cues") / "cat.deu.vtt"
    german.write_text("WEBVTT\n\n00:00.500 --> 00:01.500\nMiau\n")
    use = {"steps": [":original"], "bundle_steps": True}
    step = {"robot": "/video/subtitle", "use": use, "language": "eng", "name": "English"}

    files = bench.run({"made": step}, *[bench.upload(each) for each in (clip("plain.mp4"), cues, german)])

    (file,) = [file for file in files if file.step == "made"]
    said = [(each["tags"]["language"], each["tags"]["handler_name"]) for each in tracks(file)]
    assert said == [("eng", "English"), ("deu", "cat.deu")]


def test_tracks_of_an_earlier_step_are_kept_where_asked(bench: Bench, clip: Clip, cues: Path) -> None:
    use = [{"name": "first", "as": "video"}, {"name": ":original", "fields": "text", "as": "subtitles"}]
    steps = {
        "first": {
            "robot": "/video/subtitle",
            "use": {"steps": [":original"], "bundle_steps": True},
            "language": "eng",
        },
        "kept": {"robot": "/video/subtitle", "use": use, "language": "fra", "keep_subtitles": True},
        "lost": {"robot": "/video/subtitle", "use": use, "language": "fra"},
    }
    uploads = [bench.upload(clip("plain.mp4")), replace(bench.upload(cues), field="text")]

    files = {file.step: file for file in bench.run(steps, *uploads)}

    assert [each["tags"]["language"] for each in tracks(files["kept"])] == ["eng", "fra"]
    assert [each["tags"]["language"] for each in tracks(files["lost"])] == ["fra"]


@pytest.mark.parametrize("kind", ["external", "burned"])
def test_a_part_of_the_video_has_the_cues_of_that_part(
    bench: Bench, clip: Clip, tmp_path_factory: pytest.TempPathFactory, kind: str
) -> None:
    text = tmp_path_factory.mktemp("cues") / "cat.srt"
    text.write_text("1\n00:00:00,000 --> 00:00:00,900\nAway\n\n2\n00:00:01,500 --> 00:00:02,000\nMiau\n")

    file = subtitled(
        bench, clip, text, "dark.mp4", subtitles_type=kind, ffmpeg={"ss": 1, "t": 0.8}, width=160, height=90
    )

    assert file.meta["duration"] == pytest.approx(0.8, abs=0.1)
    if kind == "external":
        assert _said("-i", str(file.path), "-map", "0:s", "-f", "srt", "-").stdout.split("\n")[1:3] == [
            "00:00:00,500 --> 00:00:00,800", "Miau",
        ]  # fmt: skip
    else:
        assert _brightest(file.path) < 40  # the first ten frames are before the second cue
        assert _brightest(file.path, first=15) > 100


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


def _brightest(path: Path | None, *, first: int = 0) -> int:
    graph = f"select=gte(n\\,{first}),signalstats,metadata=print:key=lavfi.signalstats.YMAX:file=-"
    said = _said("-i", str(path), "-vf", graph, "-frames:v", "10", "-f", "null", "-").stdout
    return max(int(line.rpartition("=")[2]) for line in said.splitlines() if "YMAX" in line)


def _said(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["ffmpeg", "-v", "error", *arguments], capture_output=True, text=True, check=True)
