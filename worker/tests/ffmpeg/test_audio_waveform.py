"""Pictures of sounds, and their peaks."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cattube_worker.errors import AssemblyError
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.instructions.steps import StepError, read_steps

from .conftest import ffmpeg

if TYPE_CHECKING:
    from tests.ffmpeg.conftest import Bench, Clip

pytestmark = pytest.mark.ffmpeg

Sound = Callable[[str], Path]

CLEAR, BLACK, RED, BLUE, WHITE = (0, 0, 0, 0), (0, 0, 0, 255), (255, 0, 0, 255), (0, 0, 255, 255), (255,) * 4
# One second of silence, then one of a tone at half of the loudest.
SILENCE_THEN_TONE = "aevalsrc=0.5*sin(440*2*PI*t)*gte(t\\,1):s=48000:d=2"
QUIET_LEFT_LOUD_RIGHT = "aevalsrc=0.25*sin(440*2*PI*t)|0.75*sin(440*2*PI*t):s=48000:d=2"


@pytest.fixture
def sound(tmp_path: Path) -> Sound:
    """A sound made by that source of ffmpeg."""

    def make(source: str) -> Path:
        path = tmp_path / "cat.wav"
        ffmpeg("-f", "lavfi", "-i", source, path)
        return path

    return make


def waveform(bench: Bench, path: Path, **parameters: Any) -> AssemblyFile:
    steps = {"made": {"robot": "/audio/waveform", **parameters}}
    (file,) = [file for file in bench.run(steps, bench.upload(path)) if file.step == "made"]
    return file


def pixels(file: AssemblyFile) -> Callable[[int, int], tuple[int, ...]]:
    """The pixel at a column and row, as red, green, blue and opacity."""
    decode = ["ffmpeg", "-v", "error", "-i", str(file.path), "-f", "rawvideo", "-pix_fmt", "rgba", "-"]
    raw = subprocess.run(decode, check=True, capture_output=True).stdout
    width = file.meta["width"]
    return lambda x, y: tuple(raw[4 * (y * width + x) : 4 * (y * width + x) + 4])


def peaks(bench: Bench, path: Path, **parameters: Any) -> dict[str, Any]:
    file = waveform(bench, path, format="json", **parameters)
    assert file.path is not None
    assert (file.name, file.mime) == (f"{path.stem}.json", "application/json")
    return dict(json.loads(file.path.read_bytes()))


def test_f73_a_waveform_is_as_high_as_its_sound_is_loud(bench: Bench, sound: Sound) -> None:
    file = waveform(bench, sound(SILENCE_THEN_TONE))
    pixel = pixels(file)

    assert (file.name, file.mime, file.meta["width"], file.meta["height"]) == (
        "cat.png", "image/png", 256, 64,
    )  # fmt: skip
    # In the silence there is a line; in the tone half of the height is filled, from a quarter on.
    assert [pixel(60, row) for row in (20, 32, 44)] == [CLEAR, BLACK, CLEAR]
    assert [pixel(200, row) for row in (14, 18, 32, 45, 50)] == [CLEAR, BLACK, BLACK, BLACK, CLEAR]


def test_f73_a_waveform_has_the_size_and_the_colours_asked_for(bench: Bench, sound: Sound) -> None:
    file = waveform(
        bench,
        sound("aevalsrc=0.9*sin(440*2*PI*t):s=8000:d=1"),
        width=101,
        height=51,
        center_color="ff0000ff",
        outer_color="#0000ff",
        background_color="ffffffff",
    )
    pixel = pixels(file)

    assert (file.meta["width"], file.meta["height"]) == (101, 51)
    assert pixel(50, 25) == RED
    assert pixel(50, 0) == WHITE
    red, green, blue, alpha = pixel(50, 5)
    assert blue > 180 > 80 > red
    assert (green, alpha) == (0, 255)


def test_f73_smooth_edges_lie_between_the_colours(bench: Bench, sound: Sound) -> None:
    path = sound("aevalsrc=0.51*sin(440*2*PI*t):s=48000:d=1")

    file = waveform(bench, path, antialiasing=1, background_color="ffffffff")
    pixel = pixels(file)

    edge = pixel(128, 15)
    assert all(40 < part < 215 for part in edge[:3])
    assert (pixel(128, 13), pixel(128, 32)) == (WHITE, BLACK)


def test_f73_peaks_are_those_of_the_sound(bench: Bench, sound: Sound) -> None:
    document = peaks(bench, sound(SILENCE_THEN_TONE), style="v1", zoom=4800)

    data = document.pop("data")
    assert document == {
        "version": 2,
        "channels": 1,
        "sample_rate": 48000,
        "samples_per_pixel": 4800,
        "bits": 16,
        "length": 20,
    }
    assert data[:20] == [0] * 20
    assert data[20:] == pytest.approx([-16384, 16384] * 10, abs=40)


def test_f73_peaks_without_a_scale_are_about_as_many_as_the_width(bench: Bench, sound: Sound) -> None:
    document = peaks(bench, sound(SILENCE_THEN_TONE), width=100)

    assert document["length"] == 100
    assert len(document["data"]) == 200


@pytest.mark.parametrize(
    ("parameters", "low", "high"),
    [
        pytest.param({"bits": 8}, -64, 64, id="eight-bits"),
        pytest.param({"amplitude_scale": 1.5}, -24576, 24576, id="louder"),
        pytest.param({"amplitude_scale": 9}, -32768, 32767, id="too-loud"),
        pytest.param({"start": 1.5}, -16384, 16384, id="from-there-on"),
        pytest.param({"end": 0.9}, 0, 0, id="up-to-there"),
        pytest.param({"ffmpeg": {"af": "volume=0.5"}}, -8192, 8192, id="own-filter"),
    ],
)
def test_f73_peaks_follow_the_parameters(
    bench: Bench, sound: Sound, parameters: dict[str, Any], low: int, high: int
) -> None:
    document = peaks(bench, sound(SILENCE_THEN_TONE), style=1, pixels_per_second=10, **parameters)

    assert min(document["data"]) == pytest.approx(low, abs=60)
    assert max(document["data"]) == pytest.approx(high, abs=60)
    assert document["samples_per_pixel"] == 4800


def test_f73_channels_are_told_apart_where_that_is_asked_for(bench: Bench, sound: Sound) -> None:
    path = sound(QUIET_LEFT_LOUD_RIGHT)

    document = peaks(bench, path, style="v1", zoom=48000, split_channels=True)
    assert document["channels"] == 2
    assert document["data"][:4] == pytest.approx([-8192, 8192, -24576, 24576], abs=60)

    bench.jobs.clear()
    (bench.folder / "job-0").rename(bench.folder / "earlier")
    file = waveform(bench, path, style="v1", split_channels=True)
    pixel = pixels(file)
    # The left one is seen above, and is a third as high as the right one below.
    assert [pixel(128, row) for row in (9, 16, 22, 37, 48, 58)] == [
        CLEAR, BLACK, CLEAR, BLACK, BLACK, BLACK,
    ]  # fmt: skip


def test_f73_bars_have_gaps_between_them(bench: Bench, sound: Sound) -> None:
    file = waveform(
        bench,
        sound("aevalsrc=0.9*sin(440*2*PI*t):s=48000:d=1"),
        style="v1", waveform_style="bars", bar_width=6, bar_gap=2, bar_style="rounded", colors="audacity",
    )  # fmt: skip
    pixel = pixels(file)

    wave, ground = (63, 77, 155, 255), (214, 214, 214, 255)
    assert [pixel(x, 32) for x in (0, 5, 6, 7, 8)] == [wave, wave, ground, ground, wave]
    # The corners of a bar are round.
    assert (pixel(0, 4), pixel(3, 4)) == (ground, wave)


def test_f73_a_scale_leaves_room_behind_a_short_sound(bench: Bench, sound: Sound) -> None:
    file = waveform(bench, sound("sine=f=440:r=48000:d=1"), style="v1", pixels_per_second=100)
    pixel = pixels(file)

    assert (pixel(50, 32), pixel(200, 32)) == (BLACK, CLEAR)
    assert file.meta["width"] == 256


@pytest.mark.parametrize("orientation", ["horizontal", "vertical"])
def test_f73_a_spectrogram_is_bright_at_the_frequency_of_a_tone(
    bench: Bench, sound: Sound, orientation: str
) -> None:
    file = waveform(
        bench,
        sound("sine=f=2000:r=48000:d=2"),
        style="spectrogram", width=200, height=100, color_map="gray", orientation=orientation,
        frequency_scale="linear", frequency_max=8000,
    )  # fmt: skip
    pixel = pixels(file)

    assert (file.meta["width"], file.meta["height"]) == (200, 100)
    # A quarter of the way up; or, lying, to the right.
    places = [(100, 75), (100, 25)] if orientation == "horizontal" else [(50, 50), (150, 50)]
    tone, other = (max(pixel(x + d, y + d)[0] for d in (-1, 0, 1)) for x, y in places)
    assert tone > other + 60
    assert len(set(pixel(*places[0])[:3])) == 1


def test_f73_a_spectrogram_keeps_its_size_with_a_legend(bench: Bench, sound: Sound) -> None:
    path = sound("sine=f=2000:r=48000:d=1")

    file = waveform(bench, path, style="spectrogram", width=400, height=200, legend=True, gain=2)

    assert (file.meta["width"], file.meta["height"]) == (400, 200)


@pytest.mark.parametrize("name", ["sound.m4a", "plain.mp4", "web.webm"])
def test_f73_sound_of_any_kind_of_file_has_a_waveform(bench: Bench, clip: Clip, name: str) -> None:
    document = peaks(bench, clip(name), width=50)

    assert max(document["data"]) > 3000
    assert document["length"] == pytest.approx(50, abs=2)


def test_f73_what_has_no_sound_is_passed_over(bench: Bench, clip: Clip) -> None:
    steps = {"made": {"robot": "/audio/waveform"}}

    files = bench.run(steps, bench.upload(clip("silent.mp4")), bench.upload(clip("still.png")))

    assert {file.step for file in files} == {":original"}


def test_m42_more_points_than_are_allowed_are_refused_with_both_numbers(bench: Bench, sound: Sound) -> None:
    path = sound("anullsrc=r=48000:cl=mono,atrim=duration=60")

    with pytest.raises(AssemblyError, match="2,880,000 points, where 1,000,000 are allowed") as caught:
        waveform(bench, path, style="v1", zoom=1)

    assert caught.value.code == "INVALID_INPUT_ERROR"


def test_m42_text_named_mp3_has_no_waveform(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "cat.mp3").write_text("meow " * 1000)

    with pytest.raises(AssemblyError, match=r'"cat\.mp3"') as caught:
        waveform(bench, tmp_path / "cat.mp3")

    assert caught.value.code == "INVALID_INPUT_ERROR"


@pytest.mark.parametrize(
    "parameters",
    [
        pytest.param({"format": "json", "style": "spectrogram"}, id="spectrogram-as-json"),
        pytest.param({"style": "v1", "zoom": 1, "pixels_per_second": 1}, id="two-scales"),
        pytest.param({"width": 25_000, "height": 25_000}, id="too-large"),
        pytest.param({"style": "v1", "start": 2, "end": 1}, id="ends-before-it-begins"),
        pytest.param({"style": "v2"}, id="unknown-style"),
        pytest.param({"center_color": "red"}, id="no-colour"),
        pytest.param({"frequency_min": 100}, id="spectrogram-from-above-zero"),
        pytest.param({"ffmpeg": {"i": "/etc/passwd"}}, id="another-input"),
    ],
)
def test_f73_a_waveform_that_cannot_be_is_refused_at_creation(parameters: dict[str, Any]) -> None:
    with pytest.raises(StepError, match='of the step "made"') as caught:
        read_steps({"made": {"robot": "/audio/waveform", **parameters}})

    assert caught.value.code == "AUDIO_WAVEFORM_VALIDATION"
