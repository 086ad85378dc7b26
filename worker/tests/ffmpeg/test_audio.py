"""/audio/encode over real sound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cattube_worker.errors import AssemblyError
from cattube_worker.instructions.assembly_file import AssemblyFile

if TYPE_CHECKING:
    from tests.ffmpeg.conftest import Bench, Clip

pytestmark = pytest.mark.ffmpeg


def sounds(bench: Bench, clip: Clip, name: str = "sound.m4a", **parameters: Any) -> list[AssemblyFile]:
    files = bench.run({"made": {"robot": "/audio/encode", **parameters}}, bench.upload(clip(name)))
    return [file for file in files if file.step == "made"]


@pytest.mark.parametrize(
    ("parameters", "name", "mime", "codec", "rate"),
    [
        pytest.param({}, "sound.mp3", "audio/mpeg", "mp3", 44100, id="mp3-by-default"),
        pytest.param({"preset": "aac"}, "sound.mp4", "audio/mp4", "aac", 44100, id="aac"),
        pytest.param({"preset": "alac"}, "sound.m4a", "audio/mp4", "alac", 44100, id="alac"),
        pytest.param({"preset": "flac"}, "sound.flac", "audio/flac", "flac", 44100, id="flac"),
        pytest.param({"preset": "ogg"}, "sound.ogg", "audio/ogg", "vorbis", 48000, id="ogg"),
        pytest.param({"preset": "opus"}, "sound.ogg", "audio/ogg", "opus", 48000, id="opus"),
        pytest.param({"preset": "speech"}, "sound.wav", "audio/wav", "pcm_s16le", 16000, id="speech"),
        pytest.param({"preset": "dash-32k-audio"}, "sound.mp4", "audio/mp4", "aac", 44100, id="dash"),
        pytest.param(
            {"preset": "mp3", "sample_rate": 22050}, "sound.mp3", "audio/mpeg", "mp3", 22050, id="own-rate"
        ),
        pytest.param(
            {"ffmpeg": {"codec": {"a": "libopus"}, "f": "ogg"}}, "sound.ogg", "audio/ogg", "opus", 48000,
            id="ffmpeg-alone",
        ),
    ],
)  # fmt: skip
def test_a_sound_comes_out_as_asked_for(
    bench: Bench, clip: Clip, parameters: dict[str, Any], name: str, mime: str, codec: str, rate: int
) -> None:
    (file,) = sounds(bench, clip, **parameters)

    assert (file.name, file.mime, file.type) == (name, mime, "audio")
    assert (file.meta["audio_codec"], file.meta["audio_samplerate"]) == (codec, rate)
    assert file.meta["duration"] == pytest.approx(2, abs=0.1)


def test_the_sound_of_a_video_is_sound_too(bench: Bench, clip: Clip) -> None:
    (file,) = sounds(bench, clip, "plain.mp4", bitrate=64000)

    assert (file.name, file.mime) == ("plain.mp3", "audio/mpeg")
    assert file.meta["audio_bitrate"] == 64000


def test_a_preset_for_sound_in_video_encode_gives_sound(bench: Bench, clip: Clip) -> None:
    steps = {"made": {"robot": "/video/encode", "preset": "aac", "width": 100, "turbo": True}}

    for name in ("plain.mp4", "sound.m4a"):
        *_, file = bench.run(steps, bench.upload(clip(name)))
        assert (file.step, file.mime, file.type) == ("made", "audio/mp4", "audio")


def test_a_silent_video_is_passed_over(bench: Bench, clip: Clip) -> None:
    assert sounds(bench, clip, "silent.mp4") == []


def test_a_part_of_a_sound(bench: Bench, clip: Clip) -> None:
    (file,) = sounds(bench, clip, ffmpeg={"ss": 0.5, "t": "0:01", "af": "volume=0.5"}, preset="wav")

    assert file.meta["duration"] == pytest.approx(1, abs=0.01)


def test_m22_an_option_that_is_not_allowed_names_the_step(bench: Bench, clip: Clip) -> None:
    with pytest.raises(AssemblyError, match='step "made"') as caught:
        sounds(bench, clip, ffmpeg={"i": "/etc/passwd"})

    assert (caught.value.code, caught.value.status) == ("AUDIO_ENCODE_VALIDATION", 400)
