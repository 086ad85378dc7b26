"""Encoding presets: what a name like "web/mp4/720p" or "mp3" asks of ffmpeg, in one table each.

Where Transloadit states values they are taken over; the others follow from the name. libfdk_aac is not in
distributions' builds, so AAC is ffmpeg's own.
Source: Transloadit docs, "Video encoding presets" and "Audio encoding presets".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

VIDEO_HEIGHTS = {
    "240p": (426, 240),
    "270p": (480, 270),
    "360p": (640, 360),
    "480p": (854, 480),
    "540p": (960, 540),
    "576p": (1024, 576),
    "720p": (1280, 720),
    "1080p": (1920, 1080),
    "4k": (3840, 2160),
    "8k": (7680, 4320),
}
_DASH_KBPS = {"270p": 460, "360p": 800, "480p": 1300, "540p": 1850, "576p": 2100, "720p": 3300, "1080p": 7500}

# A key frame every two seconds at 30 fps: seeking lands close by. Measured: "faster" takes
# two thirds more time than "veryfast" for a tenth fewer bits. The time that "veryfast" has goes further
# with a coarser search for motion, in three frames instead of one, and with trellis quantization. What is
# flat or dark gets more bits than x264 gives it, else it comes out in bands: see docs/decisions.md.
# yuv420p is what every player shows.
_VERYFAST = ("-preset", "veryfast", "-subq", "1", "-refs", "3", "-trellis", "1", "-aq-strength", "1.2")
_X264 = ("-c:v", "libx264", *_VERYFAST, "-g", "60")
_X265 = ("-c:v", "libx265", "-preset", "fast", "-tag:v", "hvc1", "-x265-params", "log-level=error")
_VP9 = ("-c:v", "libvpx-vp9", "-deadline", "good", "-cpu-used", "4", "-row-mt", "1")
_VP8 = ("-c:v", "libvpx", "-deadline", "good", "-cpu-used", "4")
_AV1 = ("-c:v", "libsvtav1", "-preset", "8", "-g", "120")
_AAC_128 = ("-c:a", "aac", "-b:a", "128k")
_AAC_128_44 = (*_AAC_128, "-ar", "44100")
_OPUS = ("-c:a", "libopus", "-b:a", "96k")
# The index goes to the front: play starts before the download ends.
_INDEX_FIRST = ("-movflags", "+faststart")
MP4 = ("-f", "mp4", *_INDEX_FIRST)


@dataclass(frozen=True, kw_only=True)
class Preset:
    """ffmpeg's output options. ext: of the file. video, audio: None leaves the stream out."""

    ext: str
    video: tuple[str, ...] | None
    audio: tuple[str, ...] | None
    container: tuple[str, ...]
    width: int | None = None
    height: int | None = None
    pixel_format: str = "yuv420p"


def _mp4(
    video: tuple[str, ...], audio: tuple[str, ...] | None, size: tuple[int, int] | None = None
) -> Preset:
    width, height = size or (None, None)
    return Preset(ext="mp4", video=video, audio=audio, container=MP4, width=width, height=height)


def _ready_for_segments(video: tuple[str, ...]) -> tuple[str, ...]:
    """Key frames where every rendition has them, so that a player can change over."""
    return (*video, "-sc_threshold", "0", "-force_key_frames", "expr:gte(t,n_forced*2)")


def _webm(video: tuple[str, ...], size: tuple[int, int] | None = None) -> Preset:
    width, height = size or (None, None)
    return Preset(ext="webm", video=video, audio=_OPUS, container=("-f", "webm"), width=width, height=height)


def _vorbis(ext: str, container: str, video: tuple[str, ...], size: tuple[int, int] | None = None) -> Preset:
    width, height = size or (None, None)
    audio = ("-c:a", "libvorbis", "-b:a", "128k")
    return Preset(ext=ext, video=video, audio=audio, container=("-f", container), width=width, height=height)


def _x264_at(kbps: int) -> tuple[str, ...]:
    return (*_X264, "-b:v", f"{kbps}k", "-maxrate", f"{kbps * 3 // 2}k", "-bufsize", f"{kbps * 2}k")


_BY_QUALITY = (*_X264, "-crf", "24.5")


def _all_presets() -> Iterator[tuple[str, Preset]]:
    # "empty" takes nothing from a preset; without any of its own options the result is H.264 at source size.
    yield "empty", _mp4(_BY_QUALITY, _AAC_128)
    yield from _of_devices()
    yield from _for_streaming()
    yield from _for_the_web()
    yield from _of_formats()


def _of_devices() -> Iterator[tuple[str, Preset]]:
    for name, kbps in {"android-high": 700, "android": 512, "android-low": 96}.items():
        yield name, _mp4(_x264_at(kbps), _AAC_128_44, (480, 320))
    for name in ("iphone", "iphone-high", "iphone-low"):
        yield name, _mp4(_BY_QUALITY, _AAC_128_44, (480, 320))
    for name in ("ipad", "ipad-high", "ipad-low"):
        yield name, _mp4(_BY_QUALITY, _AAC_128_44, (1024, 768))


def _for_streaming() -> Iterator[tuple[str, Preset]]:
    by_bitrate = {height: _ready_for_segments(_x264_at(kbps)) for height, kbps in _DASH_KBPS.items()}
    by_quality = _ready_for_segments(_BY_QUALITY)
    for height, video in by_bitrate.items():
        yield f"dash-{height}-video", _mp4(video, None, VIDEO_HEIGHTS[height])
        yield f"dash/{height}-video", _mp4(by_quality, None, VIDEO_HEIGHTS[height])
        yield f"hls-{height}", _mp4(video, _AAC_128_44, VIDEO_HEIGHTS[height])
    for height in ("270p", "360p", "480p", "540p", "720p", "1080p", "4k"):
        yield f"hls/{height}", _mp4(by_quality, _AAC_128, VIDEO_HEIGHTS[height])
    for height in ("270p", "480p", "720p", "1080p"):
        yield f"vod/{height}", _mp4(by_quality, _AAC_128, VIDEO_HEIGHTS[height])


def _for_the_web() -> Iterator[tuple[str, Preset]]:
    for height in ("240p", "360p", "480p", "540p", "720p", "1080p", "4k", "8k"):
        yield f"web/mp4/{height}", _mp4(_BY_QUALITY, _AAC_128, VIDEO_HEIGHTS[height])
    for height in ("240p", "360p", "480p", "720p", "1080p", "4k", "8k"):
        size = VIDEO_HEIGHTS[height]
        yield f"web/mp4-x265/{height}", _mp4((*_X265, "-crf", "28"), _AAC_128, size)
        yield f"web/webm/{height}", _webm((*_VP9, "-b:v", "0", "-crf", "33"), size)
        yield f"web/webm-av1/{height}", _webm((*_AV1, "-crf", "35"), size)
    for height, kbps in _DASH_KBPS.items():
        size = VIDEO_HEIGHTS[height]
        yield f"vp9-{height}", _webm((*_VP9, "-b:v", "0", "-crf", "33"), size)
        yield f"webm-{height}", _vorbis("webm", "webm", (*_VP8, "-b:v", f"{kbps}k"), size)


def _of_formats() -> Iterator[tuple[str, Preset]]:
    yield "hevc", _mp4((*_X265, "-b:v", "1200k"), _AAC_128_44)
    yield "webm", _vorbis("webm", "webm", (*_VP8, "-b:v", "1200k"))
    yield "ogv", _vorbis("ogv", "ogg", ("-c:v", "libtheora", "-q:v", "6"))
    yield (
        "wmv",
        Preset(
            ext="wmv",
            video=("-c:v", "wmv2", "-b:v", "1200k", "-g", "60"),
            audio=("-c:a", "wmav2", "-b:a", "128k", "-ar", "44100"),
            container=("-f", "asf"),
        ),
    )
    yield "vp9", _webm((*_VP9, "-b:v", "0", "-crf", "33"))
    yield (
        "flash",
        Preset(
            ext="flv",
            video=("-c:v", "flv1", "-b:v", "512k", "-g", "60"),
            audio=("-c:a", "libmp3lame", "-b:a", "64k", "-ar", "44100"),
            container=("-f", "flv"),
            width=320,
            height=240,
        ),
    )
    yield (
        "gif",
        Preset(
            ext="gif",
            video=("-c:v", "gif"),
            audio=None,
            container=("-f", "gif"),
            width=480,
            height=270,
            pixel_format="rgb8",
        ),
    )


def _sound(
    ext: str, container: str, codec: str, *, kbps: int | None = None, rate: int | None = None
) -> Preset:
    bitrate = ("-b:a", f"{kbps}k") if kbps else ()
    sample_rate = ("-ar", str(rate)) if rate else ()
    index = _INDEX_FIRST if container in {"mp4", "ipod"} else ()
    return Preset(
        ext=ext,
        video=None,
        audio=("-c:a", codec, *bitrate, *sample_rate),
        container=("-f", container, *index),
    )


def _all_audio_presets() -> Iterator[tuple[str, Preset]]:
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


PRESETS = dict(_all_presets())
AUDIO_PRESETS = dict(_all_audio_presets())


def preset_named(name: str, presets: Mapping[str, Preset] = PRESETS) -> Preset | None:
    """The preset of that name; "_" is as good as "-". None when there is none."""
    return presets.get(name.replace("_", "-"))
