"""/audio/loop, /audio/concat and /audio/merge over real sound."""

from __future__ import annotations

import array
import math
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

Tone = Callable[..., Path]

ALL = {"steps": [":original"], "bundle_steps": True}
RATE = 48_000


@pytest.fixture
def tone(tmp_path: Path) -> Tone:
    """A tone of that frequency in a file of that name."""

    def make(
        name: str, frequency: int = 440, *, seconds: float = 2, loudness: float = 0.5, channels: int = 1
    ) -> Path:
        path = tmp_path / name
        wave = "|".join([f"{loudness}*sin({frequency}*2*PI*t)"] * channels)
        ffmpeg("-f", "lavfi", "-i", f"aevalsrc={wave}:s={RATE}:d={seconds}", path)
        return path

    return make


def run(bench: Bench, robot: str, *paths: Path, **parameters: Any) -> AssemblyFile:
    step = {"robot": robot, "use": ALL, "preset": "wav", **parameters}
    (file,) = [file for file in bench.run({"made": step}, *map(bench.upload, paths)) if file.step == "made"]
    return file


def samples(file: AssemblyFile) -> array.array[int]:
    """All samples of the left channel, 48,000 in a second."""
    decode = ["ffmpeg", "-v", "error", "-i", str(file.path), "-af", "pan=mono|c0=c0", "-ar", str(RATE)]
    raw = subprocess.run([*decode, "-f", "s16le", "-"], check=True, capture_output=True).stdout
    return array.array("h", raw)


def loudness(heard: array.array[int], frequency: int, *, at: float, seconds: float = 0.1) -> float:
    """How loud a frequency is at a moment: 1 is as loud as can be."""
    start, count = round(at * RATE), round(seconds * RATE)
    turns = [2 * math.pi * frequency * index / RATE for index in range(count)]
    part = heard[start : start + count]
    across = sum(sample * math.cos(turn) for sample, turn in zip(part, turns, strict=True))
    down = sum(sample * math.sin(turn) for sample, turn in zip(part, turns, strict=True))
    return math.hypot(across, down) * 2 / count / 32768


def test_f74_a_sound_is_repeated_without_a_gap_until_it_has_its_length(bench: Bench, tone: Tone) -> None:
    file = run(bench, "/audio/loop", tone("cat.wav", 441, seconds=0.7), duration=3)

    heard = samples(file)
    assert (file.name, file.mime, file.meta["audio_channels"]) == ("cat.wav", "audio/wav", 1)
    assert len(heard) == 3 * RATE
    once = round(0.7 * RATE)
    assert heard[once : 2 * once] == heard[:once]
    assert heard[4 * once :] == heard[: 3 * RATE - 4 * once]


def test_f74_a_sound_that_is_longer_is_cut(bench: Bench, tone: Tone) -> None:
    file = run(bench, "/audio/loop", tone("cat.wav", seconds=5), duration=1.5)

    assert len(samples(file)) == 1.5 * RATE


@pytest.mark.parametrize("name", ["cat.mp3", "cat.flac", "cat.ogg", "cat.m4a", "cat.aac", "cat.mka"])
def test_f74_sounds_of_all_kinds_of_files_are_repeated(bench: Bench, tone: Tone, name: str) -> None:
    file = run(bench, "/audio/loop", tone(name, seconds=1), duration=10)

    heard = samples(file)
    assert file.meta["duration"] == pytest.approx(10, abs=0.05)
    assert [loudness(heard, 440, at=second + 0.4) for second in range(10)] == pytest.approx(
        [0.5] * 10, abs=0.05
    )


def test_f74_the_sound_of_a_video_is_repeated_as_mp3(bench: Bench, clip: Clip) -> None:
    file = run(bench, "/audio/loop", clip("plain.mp4"), duration=5, preset=None)

    assert (file.name, file.mime) == ("plain.mp3", "audio/mpeg")
    assert file.meta["duration"] == pytest.approx(5, abs=0.1)


def test_f74_a_loop_longer_than_allowed_is_refused_with_both_numbers(bench: Bench, tone: Tone) -> None:
    with pytest.raises(AssemblyError, match="5 hours; 4 hours are allowed") as caught:
        run(bench, "/audio/loop", tone("cat.wav"), duration=5 * 3600)

    assert caught.value.code == "INVALID_INPUT_ERROR"


def test_f75_sounds_follow_each_other_in_the_order_of_their_names(bench: Bench, tone: Tone) -> None:
    paths = [tone("part 10.wav", 880), tone("part 2.mp3", 440, channels=2), tone("part 1.flac", 220)]

    file = run(bench, "/audio/concat", *paths, audio_fade_seconds=0)

    heard = samples(file)
    assert (file.name, file.meta["audio_channels"]) == ("part 1.wav", 2)
    assert file.meta["duration"] == pytest.approx(6, abs=0.1)
    for second, frequency in enumerate([220, 440, 880]):
        others = {220, 440, 880} - {frequency}
        assert loudness(heard, frequency, at=2 * second + 1) == pytest.approx(0.5, abs=0.05)
        assert max(loudness(heard, other, at=2 * second + 1) for other in others) < 0.01


def test_f75_sounds_follow_each_other_as_the_instructions_number_them(bench: Bench, tone: Tone) -> None:
    steps = {
        "high": {"robot": "/file/filter", "accepts": [["${file.name}", "=", "a.wav"]]},
        "low": {"robot": "/file/filter", "accepts": [["${file.name}", "=", "b.wav"]]},
        "made": {
            "robot": "/audio/concat", "preset": "wav", "audio_fade_seconds": 0,
            "use": {"steps": [{"name": "high", "as": "audio_2"}, {"name": "low", "as": "audio_1"}]},
        },
    }  # fmt: skip

    *_, file = bench.run(steps, bench.upload(tone("a.wav", 880)), bench.upload(tone("b.wav", 220)))

    heard = samples(file)
    assert (loudness(heard, 220, at=1), loudness(heard, 880, at=3)) == pytest.approx((0.5, 0.5), abs=0.01)


def test_f75_sounds_fade_out_and_in_between_and_not_at_the_ends(bench: Bench, tone: Tone) -> None:
    file = run(bench, "/audio/concat", tone("1.wav", 440), tone("2.wav", 880), audio_fade_seconds=1)

    heard = samples(file)
    assert len(heard) == 4 * RATE
    assert loudness(heard, 440, at=0) == pytest.approx(0.5, abs=0.01)
    assert loudness(heard, 440, at=1.45) == pytest.approx(0.25, abs=0.03)
    assert loudness(heard, 880, at=2.45) == pytest.approx(0.25, abs=0.03)
    assert loudness(heard, 880, at=3.9) == pytest.approx(0.5, abs=0.01)
    assert max(abs(sample) for sample in heard[round(1.999 * RATE) : round(2.001 * RATE)]) < 200


@pytest.mark.parametrize("fade", [1, 0])
def test_f75_sounds_overlap_while_they_fade_where_that_is_asked_for(
    bench: Bench, tone: Tone, fade: float
) -> None:
    paths = [tone("1.wav", 440), tone("2.wav", 880)]

    file = run(bench, "/audio/concat", *paths, audio_fade_seconds=fade, crossfade=True)

    heard = samples(file)
    assert len(heard) == 3 * RATE
    assert loudness(heard, 440, at=1.45) == pytest.approx(0.25, abs=0.03)
    assert loudness(heard, 880, at=1.45) == pytest.approx(0.25, abs=0.03)


def test_f75_a_sound_shorter_than_the_fade_is_heard_all_the_same(bench: Bench, tone: Tone) -> None:
    paths = [tone("1.wav", seconds=0.3), tone("2.wav", 880, seconds=2), tone("3.wav", 220, seconds=0.1)]

    file = run(bench, "/audio/concat", *paths, audio_fade_seconds=5)

    heard = samples(file)
    assert len(heard) == pytest.approx(2.4 * RATE, abs=10)
    assert loudness(heard, 440, at=0, seconds=0.05) == pytest.approx(0.5, abs=0.02)
    assert loudness(heard, 880, at=1.3) == pytest.approx(0.5, abs=0.02)


def test_f75_a_file_that_lies_about_its_length_is_joined_whole(bench: Bench, tone: Tone) -> None:
    path = tone("1.wav", seconds=1)
    lying = bytearray(path.read_bytes())
    start = lying.index(b"data") + 4
    lying[start : start + 4] = (50_000_000).to_bytes(4, "little")
    path.write_bytes(lying)

    file = run(bench, "/audio/concat", path, tone("2.wav", 880, seconds=1), audio_fade_seconds=0.2)

    assert len(samples(file)) == 2 * RATE


def test_f75_sounds_too_long_together_are_refused_with_both_numbers(bench: Bench, tone: Tone) -> None:
    paths = [tone("1.wav", seconds=40), tone("2.wav", seconds=40)]

    with pytest.raises(AssemblyError, match="1 minute 20 seconds; 1 minute are allowed") as caught:
        run(bench.with_limits(max_duration_seconds=60), "/audio/concat", *paths)

    assert caught.value.code == "INVALID_INPUT_ERROR"


def test_f75_files_without_sound_cannot_be_joined(bench: Bench, clip: Clip) -> None:
    with pytest.raises(AssemblyError, match="no sound") as caught:
        run(bench, "/audio/concat", clip("silent.mp4"))

    assert caught.value.code == "AUDIO_CONCAT_INVALID_INPUT"


@pytest.mark.parametrize(("volume", "expected"), [("average", 0.2), ("sum", 0.4)])
def test_f76_merged_sounds_are_heard_at_once(bench: Bench, tone: Tone, volume: str, expected: float) -> None:
    first = tone("1.wav", 440, loudness=0.4, seconds=3)
    second = tone("2.mp3", 880, loudness=0.4, seconds=2, channels=2)

    file = run(bench, "/audio/merge", first, second, volume=volume)

    heard = samples(file)
    assert (file.name, file.meta["audio_channels"]) == ("1.wav", 2)
    assert len(heard) == 3 * RATE
    assert loudness(heard, 440, at=1) == pytest.approx(expected, abs=0.02)
    assert loudness(heard, 880, at=1) == pytest.approx(expected, abs=0.02)
    # When one ends, the other stays as loud as it was.
    assert loudness(heard, 440, at=2.7) == pytest.approx(expected, abs=0.02)
    assert loudness(heard, 880, at=2.7) < 0.01


@pytest.mark.parametrize(
    ("parameters", "seconds", "is_repeated"),
    [
        ({"duration": "first"}, 2, False),
        ({"duration": "shortest"}, 1, False),
        ({"duration": "longest"}, 3, False),
        ({"duration": "longest", "loop": True}, 3, True),
        ({"duration": "first", "loop": True}, 2, True),
        ({"duration": "shortest", "loop": True}, 1, False),
    ],
)
def test_f76_the_whole_lasts_as_long_as_asked_for(
    bench: Bench, tone: Tone, parameters: dict[str, Any], seconds: int, is_repeated: bool
) -> None:
    paths = [tone("1.wav", 440), tone("2.wav", 880, seconds=3), tone("3.wav", 220, seconds=1)]

    file = run(bench, "/audio/merge", *paths, volume="average", **parameters)

    heard = samples(file)
    assert len(heard) == seconds * RATE
    if seconds > 1:
        assert (loudness(heard, 220, at=seconds - 0.5) > 0.1) == is_repeated


@pytest.mark.parametrize("robot", ["/audio/concat", "/audio/merge"])
def test_m43_more_sound_than_a_disk_should_hold_is_refused_with_the_number(
    bench: Bench, tone: Tone, robot: str
) -> None:
    paths = [tone("1.mp3", seconds=3), tone("2.mp3", seconds=3)]

    with pytest.raises(AssemblyError, match="where 400 KiB are allowed") as caught:
        run(bench.with_limits(max_output_bytes=400 * 2**10), robot, *paths)

    assert caught.value.code == "INVALID_INPUT_ERROR"


def test_f76_what_has_no_sound_is_passed_over(bench: Bench, clip: Clip) -> None:
    steps = {"made": {"robot": "/audio/merge", "use": ALL}}

    files = bench.run(steps, bench.upload(clip("silent.mp4")), bench.upload(clip("still.png")))

    assert {file.step for file in files} == {":original"}


@pytest.mark.parametrize("robot", ["/audio/loop", "/audio/concat", "/audio/merge"])
def test_m43_text_named_mp3_is_refused_by_its_name(bench: Bench, tmp_path: Path, robot: str) -> None:
    (tmp_path / "cat.mp3").write_text("meow " * 1000)

    with pytest.raises(AssemblyError, match=r'"cat\.mp3"') as caught:
        run(bench, robot, tmp_path / "cat.mp3")

    assert caught.value.code == "INVALID_INPUT_ERROR"


@pytest.mark.parametrize(
    ("robot", "parameters"),
    [
        ("/audio/loop", {"duration": 0}),
        ("/audio/loop", {"preset": "web/mp4/720p"}),
        ("/audio/concat", {"audio_fade_seconds": -1}),
        ("/audio/concat", {"sort_by": "size"}),
        ("/audio/merge", {"volume": "loud"}),
        ("/audio/merge", {"ffmpeg": {"filter_complex": "[0:a]anull"}}),
    ],
)
def test_f74_f75_f76_what_cannot_be_is_refused_at_creation(robot: str, parameters: dict[str, Any]) -> None:
    with pytest.raises(StepError, match='of the step "made"') as caught:
        read_steps({"made": {"robot": robot, **parameters}})

    assert caught.value.code == robot[1:].replace("/", "_").upper() + "_VALIDATION"
