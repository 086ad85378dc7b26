"""The "ffmpeg" object of a step: output options that may be asked for, and nothing else. Pure.

Every option, encoder, format and filter stands in a list here. So no instruction can add an input, name a
file, use a protocol or read the machine through a filter's own file option.
Source: Transloadit's `robots/_instructions-primitives`, "robotFFmpeg".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

VIDEO_ENCODERS = {
    name: name
    for name in (
        "libx264", "libx265", "libvpx", "libvpx-vp9", "libsvtav1", "libaom-av1", "libtheora", "mpeg4", "flv1",
        "wmv2", "mjpeg", "gif", "prores_ks",
    )
} | {
    "h264": "libx264", "hevc": "libx265", "vp8": "libvpx", "vp9": "libvpx-vp9", "av1": "libsvtav1",
}  # fmt: skip
AUDIO_ENCODERS = {
    name: name
    for name in (
        "aac", "libmp3lame", "libopus", "libvorbis", "flac", "alac", "wmav2", "ac3", "pcm_s16le", "pcm_s24le",
        "pcm_f32le",
    )
} | {"libfdk_aac": "aac", "mp3": "libmp3lame", "opus": "libopus", "vorbis": "libvorbis"}  # fmt: skip
# ffmpeg's name of a format: the ending of its files.
FORMATS = {
    "mp4": "mp4", "mov": "mov", "ipod": "m4a", "webm": "webm", "matroska": "mkv", "mpegts": "ts",
    "flv": "flv", "ogg": "ogg", "mp3": "mp3", "flac": "flac", "wav": "wav", "adts": "aac",
    "gif": "gif", "avi": "avi", "asf": "wmv",
}  # fmt: skip
FILTERS = frozenset(
    {
        "scale", "crop", "pad", "hflip", "vflip", "transpose", "rotate", "fps", "setsar", "setdar", "format",
        "eq", "hue", "unsharp", "boxblur", "gblur", "avgblur", "yadif", "bwdif", "hqdn3d", "fade", "negate",
        "colorchannelmixer", "colorbalance", "vignette", "drawbox", "drawtext", "setpts", "reverse", "tpad",
    }
)  # fmt: skip
SOUND_FILTERS = frozenset(
    {
        "volume", "loudnorm", "dynaudnorm", "afade", "atempo", "aresample", "aformat", "highpass", "lowpass",
        "bass", "treble", "equalizer", "acompressor", "alimiter", "pan", "adelay", "apad", "areverse",
        "asetpts", "silenceremove",
    }
)  # fmt: skip
_DRAWTEXT = frozenset(
    {
        "text", "x", "y", "fontsize", "fontcolor", "font", "alpha", "box", "boxcolor", "boxborderw",
        "borderw", "bordercolor", "shadowx", "shadowy", "shadowcolor", "line_spacing", "enable",
    }
)  # fmt: skip
_CODEC_PARAMETERS = frozenset(
    {
        "keyint", "min-keyint", "scenecut", "bframes", "ref", "crf", "bitrate", "vbv-maxrate", "vbv-bufsize",
        "aq-mode", "aq-strength", "rc-lookahead", "me", "subme", "merange", "trellis", "deblock", "psy-rd",
        "open-gop", "no-open-gop", "b-adapt", "b-pyramid", "cabac", "8x8dct", "qcomp", "nal-hrd", "profile",
        "level", "log-level", "tune", "preset", "film-grain", "enable-overlays", "scd", "tile-columns",
        "tile-rows", "fast-decode", "colorprim", "transfer", "colormatrix", "range", "threads",
    }
)  # fmt: skip

_BITRATE = r"\d{1,9}(\.\d{1,3})?[kKmM]?"
_INTEGER = r"-?\d{1,9}"
_NUMBER = r"-?\d{1,9}(\.\d{1,6})?"
_TIME = r"(\d{1,3}:){0,2}\d{1,6}(\.\d{1,6})?"
_RATE = r"([1-5]?\d(\.\d{1,3})?|60|\d{1,5}/1001)"
_WORD = r"[A-Za-z0-9_.-]{1,32}"
_FILTER = re.compile(r"(?P<name>[a-z0-9]+)(=(?P<options>.*))?", re.DOTALL)
_FILTER_OPTIONS = re.compile(r"[\w=:.+\-*/()<>|%# !?&,]*")  # no backslash: it would hide what follows
_KEY_FRAMES = rf"(expr:gte\(t,n_forced\*{_NUMBER}\)|{_TIME}(,{_TIME}){{0,499}})"

# Options that are written to ffmpeg as they are, with what their values must look like.
_VIDEO = {
    "b:v": _BITRATE, "maxrate": _BITRATE, "minrate": _BITRATE, "bufsize": _BITRATE, "crf": _NUMBER,
    "qmin": _INTEGER, "qmax": _INTEGER, "q:v": _NUMBER, "qscale:v": _NUMBER, "g": _INTEGER,
    "keyint_min": _INTEGER, "bf": _INTEGER, "refs": _INTEGER, "sc_threshold": _INTEGER, "level": _WORD,
    "profile:v": _WORD, "preset": _WORD, "tune": r"[a-z,]{1,32}", "pix_fmt": r"[a-z0-9]{1,16}", "r": _RATE,
    "deadline": _WORD, "quality": _WORD, "cpu-used": _INTEGER, "row-mt": "[01]", "tile-columns": _INTEGER,
    "lag-in-frames": _INTEGER, "force_key_frames": _KEY_FRAMES, "tag:v": "[A-Za-z0-9]{4}",
    "coder": _WORD, "me_range": _INTEGER, "qcomp": _NUMBER, "qdiff": _INTEGER, "subq": _INTEGER,
    "trellis": _INTEGER, "b_strategy": _INTEGER, "i_qfactor": _NUMBER, "colorspace": _WORD,
    "color_primaries": _WORD, "color_trc": _WORD, "color_range": _WORD,
}  # fmt: skip
_AUDIO = {
    "b:a": _BITRATE, "ar": _INTEGER, "ac": r"[1-8]", "q:a": _NUMBER, "qscale:a": _NUMBER,
    "profile:a": _WORD, "vbr": _WORD, "compression_level": _INTEGER, "application": _WORD,
}  # fmt: skip
_TIMES = ("ss", "t", "to")
# Accepted, and without effect: they would change how, not what is made.
_WITHOUT_EFFECT = frozenset({"threads", "strict", "vsync", "async", "loglevel", "max_muxing_queue_size", "y"})
_MOVFLAGS = re.compile(r"\+?(faststart|frag_keyframe|empty_moov|default_base_moof|rtphint)"
                       r"(\+(faststart|frag_keyframe|empty_moov|default_base_moof|rtphint))*")  # fmt: skip
_SAME = {
    "codec:v": "c:v", "vcodec": "c:v", "codec:a": "c:a", "acodec": "c:a", "filter:v": "vf", "filter:a": "af",
    "ab": "b:a", "vb": "b:v", "aq": "q:a",
}  # fmt: skip
_OF_STREAMS = frozenset({"codec", "c", "b", "q", "qscale", "profile", "filter", "tag"})


@dataclass(frozen=True, kw_only=True)
class FFmpegOptions:
    """What a step asks of ffmpeg beyond its preset. video, audio, container: option and value in turn.

    ext: of the files of the format asked for. starts_at, lasts, ends_at_seconds: the part to keep.
    takes_preset: False where the preset shall give nothing.
    """

    video: tuple[str, ...] = ()
    audio: tuple[str, ...] = ()
    container: tuple[str, ...] = ()
    ext: str | None = None
    filters: tuple[str, ...] = ()
    sound_filters: tuple[str, ...] = ()
    dropped: frozenset[str] = frozenset()
    without_audio: bool = False
    without_video: bool = False
    is_shortest: bool = False
    takes_preset: bool = True
    starts_at_seconds: float = 0
    lasts_seconds: float | None = None
    ends_at_seconds: float | None = None

    def part_of(self, duration_seconds: float) -> float:
        """How long what is kept of so many seconds lasts; 0 stays 0, unknown."""
        end = min(duration_seconds, self.ends_at_seconds or duration_seconds)
        left = max(0.0, end - self.starts_at_seconds)
        return left if self.lasts_seconds is None else min(left, self.lasts_seconds)

    def at_least(self, duration_seconds: float) -> float:
        """How long what is made of so many seconds must be; 0 where that cannot be foretold."""
        changes_time = any(each.startswith(("setpts", "tpad")) for each in self.filters)
        return 0 if changes_time or self.is_shortest else self.part_of(duration_seconds)

    @property
    def cuts(self) -> bool:
        """Whether only a part is kept."""
        return bool(self.starts_at_seconds or self.lasts_seconds or self.ends_at_seconds)

    def time_arguments(self) -> tuple[str, ...]:
        """The part to keep, as options of an output."""
        start = ("-ss", f"{self.starts_at_seconds:g}") if self.starts_at_seconds else ()
        if self.lasts_seconds is not None:
            return (*start, "-t", f"{self.lasts_seconds:g}")
        return (*start, "-to", f"{self.ends_at_seconds:g}") if self.ends_at_seconds is not None else start


def merged(preset: tuple[str, ...], own: tuple[str, ...], *, dropped: frozenset[str] = frozenset()) -> tuple[
    str, ...
]:  # fmt: skip
    """The preset's options with the step's own over them, option by option.

    An encoder of its own brings none of the preset's options for another encoder.
    """
    options = dict(zip(preset[::2], preset[1::2], strict=True))
    wanted = dict(zip(own[::2], own[1::2], strict=True))
    for codec in ("-c:v", "-c:a"):
        if codec in wanted and wanted[codec] != options.get(codec):
            options = {key: value for key, value in options.items() if key in _OF_ANY_ENCODER}
    options |= wanted
    return tuple(word for key, value in options.items() if key not in dropped for word in (key, value))


_OF_ANY_ENCODER = frozenset({"-b:v", "-b:a", "-ar", "-ac", "-r", "-g", "-maxrate", "-bufsize"})


def read_options(raw: Mapping[str, Any]) -> FFmpegOptions:
    """The options in a step's "ffmpeg" object. Raises ValueError naming the one that is not allowed."""
    reader = _Reader()
    for name, value in _flat(raw):
        reader.read(name, value)
    return reader.options()


def _flat(raw: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """`codec` and `b` may be objects by "v" and "a"."""
    for name, value in raw.items():
        if name in _OF_STREAMS and isinstance(value, Mapping):
            for stream, each in value.items():
                yield _SAME.get(f"{name}:{stream}", f"{name}:{stream}".replace("codec:", "c:")), each
        else:
            yield _SAME.get(name, name), value


class _Reader:
    """Takes one option after another."""

    def __init__(self) -> None:
        self._video: dict[str, str] = {}
        self._audio: dict[str, str] = {}
        self._container: dict[str, str] = {}
        self._times: dict[str, float] = {}
        self._rest: dict[str, Any] = {}
        self._dropped: set[str] = set()

    def read(self, name: str, value: Any) -> None:
        if value is None:
            self._dropped.add(f"-{name}")
        elif name in _VIDEO:
            self._video[f"-{name}"] = _matching(name, value, _VIDEO[name])
        elif name in _AUDIO:
            self._audio[f"-{name}"] = _matching(name, value, _AUDIO[name])
        elif name in _TIMES:
            self._times[name] = _seconds(_matching(name, value, _TIME))
        elif name in _SPECIAL:
            _SPECIAL[name](self, value)
        elif name not in _WITHOUT_EFFECT:
            raise ValueError(f'"{name}" is no option of ffmpeg that may be used here')

    def options(self) -> FFmpegOptions:
        return FFmpegOptions(
            video=_words(self._video),
            audio=_words(self._audio),
            container=_words(self._container),
            dropped=frozenset(self._dropped),
            starts_at_seconds=self._times.get("ss", 0),
            lasts_seconds=self._times.get("t"),
            ends_at_seconds=self._times.get("to"),
            **self._rest,
        )

    def video_encoder(self, value: Any) -> None:
        self._video["-c:v"] = _one_of("c:v", value, VIDEO_ENCODERS)

    def audio_encoder(self, value: Any) -> None:
        self._audio["-c:a"] = _one_of("c:a", value, AUDIO_ENCODERS)

    def format(self, value: Any) -> None:
        self._rest["ext"] = _one_of("f", value, FORMATS)
        self._container["-f"] = str(value)

    def movflags(self, value: Any) -> None:
        if not _MOVFLAGS.fullmatch(str(value)):
            raise ValueError('"movflags" may be "+faststart" or what makes fragments')
        self._container["-movflags"] = str(value)

    def filters(self, value: Any) -> None:
        self._rest["filters"] = _chain("vf", value, FILTERS)

    def sound_filters(self, value: Any) -> None:
        self._rest["sound_filters"] = _chain("af", value, SOUND_FILTERS)

    def without_audio(self, value: Any) -> None:
        self._rest["without_audio"] = yes_or_no("an", value)

    def without_video(self, value: Any) -> None:
        self._rest["without_video"] = yes_or_no("vn", value)

    def shortest(self, value: Any) -> None:
        self._rest["is_shortest"] = yes_or_no("shortest", value)

    def preset_file(self, value: Any) -> None:
        if value != "empty":
            raise ValueError('"transloaditffpreset" can only be "empty" here')
        self._rest["takes_preset"] = False

    def codec_parameters(self, name: str, value: Any) -> None:
        pairs = value if isinstance(value, Mapping) else _pairs(name, value)
        for key, each in pairs.items():
            if key not in _CODEC_PARAMETERS:
                raise ValueError(f'"{name}" must not hold "{key}"')
            _matching(f"{name}.{key}", each, r"[A-Za-z0-9_.,-]{1,32}")
        self._video[f"-{name}"] = ":".join(f"{key}={_plain(each)}" for key, each in pairs.items())


_SPECIAL: dict[str, Callable[[_Reader, Any], None]] = {
    "c:v": _Reader.video_encoder,
    "c:a": _Reader.audio_encoder,
    "f": _Reader.format,
    "movflags": _Reader.movflags,
    "vf": _Reader.filters,
    "af": _Reader.sound_filters,
    "an": _Reader.without_audio,
    "vn": _Reader.without_video,
    "shortest": _Reader.shortest,
    "transloaditffpreset": _Reader.preset_file,
    "x264-params": lambda reader, value: reader.codec_parameters("x264-params", value),
    "x265-params": lambda reader, value: reader.codec_parameters("x265-params", value),
    "svtav1-params": lambda reader, value: reader.codec_parameters("svtav1-params", value),
}


def _chain(option: str, value: Any, allowed: frozenset[str]) -> tuple[str, ...]:
    """The filters of a chain, each looked up. Raises ValueError."""
    filters = tuple(_filters_in(str(value)))
    if str(value).count("'") % 2:
        raise ValueError(f'"{option}": a quote is never closed')
    if len(filters) > 32:
        raise ValueError(f'"{option}" holds more than 32 filters')
    for text in filters:
        found = _FILTER.fullmatch(text.strip())
        if found is None or found["name"] not in allowed:
            raise ValueError(f'"{option}" may not use the filter "{text.strip()[:40]}"')
        _check_filter(option, found["name"], found["options"] or "")
    return tuple(text.strip() for text in filters)


def _check_filter(option: str, name: str, options: str) -> None:
    # ffmpeg takes quotes away before it looks for options, so what matters is the text without them.
    plain = options.replace("'", "")
    if not _FILTER_OPTIONS.fullmatch(plain) or re.search(r"file|movie|://", plain, re.IGNORECASE):
        raise ValueError(f'"{option}": the filter "{name}" may not be used with these options')
    if name != "drawtext":
        return
    for each in plain.split(":"):
        key, equals, _ = each.partition("=")
        # Without a name the first value would be a font's file.
        if not equals or key.strip() not in _DRAWTEXT:
            raise ValueError(f'"{option}": drawtext may not be used with "{key.strip()[:40]}"')


def _filters_in(text: str) -> Iterator[str]:
    """The filters of a chain, at the commas that stand in no quotes."""
    part, is_quoted = "", False
    for character in text:
        if character == "," and not is_quoted:
            yield part
            part = ""
            continue
        is_quoted = is_quoted != (character == "'")
        part += character
    yield part


def _matching(name: str, value: Any, pattern: str) -> str:
    text = _plain(value)
    if not re.fullmatch(pattern, text):
        raise ValueError(f'"{name}" may not be "{text[:40]}"')
    return text


def _plain(value: Any) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def _one_of(name: str, value: Any, allowed: Mapping[str, str]) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise ValueError(f'"{name}" may be one of {", ".join(allowed)}')
    return allowed[value]


def yes_or_no(name: str, value: Any) -> bool:
    """The answer, in whatever way it is written. Raises ValueError."""
    if value in (True, "true", 1, "1", ""):
        return True
    if value in (False, "false", 0, "0"):
        return False
    raise ValueError(f'"{name}" is true or false')


def _pairs(name: str, value: Any) -> dict[str, str]:
    pairs = [each.partition("=") for each in str(value).split(":")]
    if not all(equals for _, equals, _ in pairs):
        raise ValueError(f'"{name}" is an object, or text like "keyint=60:scenecut=0"')
    return {key: each for key, _, each in pairs}


def _seconds(text: str) -> float:
    seconds = 0.0
    for part in text.split(":"):
        seconds = seconds * 60 + float(part)
    return seconds


def _words(options: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(word for pair in options.items() for word in pair)
