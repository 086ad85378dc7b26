"""Presets for sound: what a name like "mp3" asks of ffmpeg, in one table.

Source: Transloadit docs, "Audio encoding presets". AAC is ffmpeg's own: distributions leave libfdk_aac out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class AudioPreset:
    """ffmpeg's output options. ext: of the file made."""

    ext: str
    audio: tuple[str, ...]
    container: tuple[str, ...]


def _sound(
    ext: str, container: str, codec: str, *, kbps: int | None = None, rate: int | None = None
) -> AudioPreset:
    bitrate = ("-b:a", f"{kbps}k") if kbps else ()
    sample_rate = ("-ar", str(rate)) if rate else ()
    # The index goes to the front: play starts before the download ends.
    index = ("-movflags", "+faststart") if container in {"mp4", "ipod"} else ()
    return AudioPreset(
        ext=ext, audio=("-c:a", codec, *bitrate, *sample_rate), container=("-f", container, *index)
    )


def _all_presets() -> Iterator[tuple[str, AudioPreset]]:
    # "empty" takes nothing from a preset; without options of the step's own the result is an MP3.
    yield "empty", _sound("mp3", "mp3", "libmp3lame")
    yield "aac", _sound("mp4", "mp4", "aac", kbps=128, rate=44100)
    yield "audio/aac", _sound("mp4", "mp4", "aac", kbps=192, rate=48000)
    for name in ("mp3", "audio/mp3"):
        yield name, _sound("mp3", "mp3", "libmp3lame", kbps=128, rate=44100)
    for name in ("alac", "audio/alac"):
        yield name, _sound("m4a", "ipod", "alac", rate=44100)
    for name in ("flac", "audio/flac"):
        yield name, _sound("flac", "flac", "flac", rate=44100)
    for name in ("ogg", "audio/ogg"):
        yield name, _sound("ogg", "ogg", "libvorbis", kbps=192, rate=48000)
    yield "opus", _sound("ogg", "ogg", "libopus", kbps=128, rate=48000)
    yield "speech", _sound("wav", "wav", "pcm_s16le", rate=16000)
    yield "wav", _sound("wav", "wav", "pcm_s16le", rate=48000)
    for kbps in (32, 64, 128, 256):
        for name in (f"dash-{kbps}k-audio", f"dash/{kbps}k-audio"):
            yield name, _sound("mp4", "mp4", "aac", kbps=kbps, rate=44100)


AUDIO_PRESETS = dict(_all_presets())


def audio_preset_named(name: str) -> AudioPreset | None:
    """The preset of that name; "_" is as good as "-". None when there is none."""
    return AUDIO_PRESETS.get(name.replace("_", "-"))
