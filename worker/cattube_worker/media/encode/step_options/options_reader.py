"""The "ffmpeg" object of a step, read and checked against allowed_options.py. Pure.

Source: Transloadit's `robots/_instructions-primitives`, "robotFFmpeg".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cattube_worker.media.encode.output import Words
from cattube_worker.media.encode.step_options import allowed_options as allowed
from cattube_worker.media.encode.step_options.ffmpeg_options import FFmpegOptions
from cattube_worker.media.encode.step_options.filter_chains import read_chain


def read_options(raw: Mapping[str, Any]) -> FFmpegOptions:
    """The options in a step's "ffmpeg" object. Raises ValueError naming the one that is not allowed."""
    reader = _Reader()
    for name, value in _flat(raw):
        reader.read(name, value)
    return reader.options()


def _flat(raw: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """`codec` and `b` may be objects by "v" and "a"."""
    for name, value in raw.items():
        if name in allowed.PER_STREAM and isinstance(value, Mapping):
            for stream, setting in value.items():
                full_name = f"{name}:{stream}"
                yield allowed.SYNONYMS.get(full_name, full_name.replace("codec:", "c:")), setting
        else:
            yield allowed.SYNONYMS.get(name, name), value


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
        elif name in allowed.VIDEO_OPTIONS:
            self._video[f"-{name}"] = _matching(name, value, allowed.VIDEO_OPTIONS[name])
        elif name in allowed.AUDIO_OPTIONS:
            self._audio[f"-{name}"] = _matching(name, value, allowed.AUDIO_OPTIONS[name])
        elif name in allowed.TIME_OPTIONS:
            self._times[name] = _seconds(_matching(name, value, allowed.TIME))
        elif name in _SPECIAL:
            _SPECIAL[name](self, value)
        elif name not in allowed.WITHOUT_EFFECT:
            raise ValueError(f'"{name}" is no option of ffmpeg that may be used here')

    def options(self) -> FFmpegOptions:
        return FFmpegOptions(
            video=_as_words(self._video),
            audio=_as_words(self._audio),
            container=_as_words(self._container),
            dropped=frozenset(self._dropped),
            starts_at_seconds=self._times.get("ss", 0),
            lasts_seconds=self._times.get("t"),
            ends_at_seconds=self._times.get("to"),
            **self._rest,
        )

    def video_encoder(self, value: Any) -> None:
        self._video["-c:v"] = _one_of("c:v", value, allowed.VIDEO_ENCODERS)

    def audio_encoder(self, value: Any) -> None:
        self._audio["-c:a"] = _one_of("c:a", value, allowed.AUDIO_ENCODERS)

    def format(self, value: Any) -> None:
        self._rest["ext"] = _one_of("f", value, allowed.FORMATS)
        self._container["-f"] = str(value)

    def movflags(self, value: Any) -> None:
        if not allowed.MOVFLAGS.fullmatch(str(value)):
            raise ValueError('"movflags" may be "+faststart" or what makes fragments')
        self._container["-movflags"] = str(value)

    def filters(self, value: Any) -> None:
        self._rest["filters"] = read_chain("vf", value, allowed.FILTERS)

    def audio_filters(self, value: Any) -> None:
        self._rest["audio_filters"] = read_chain("af", value, allowed.AUDIO_FILTERS)

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
        for key, setting in pairs.items():
            if key not in allowed.CODEC_PARAMETERS:
                raise ValueError(f'"{name}" must not hold "{key}"')
            _matching(f"{name}.{key}", setting, r"[A-Za-z0-9_.,-]{1,32}")
        self._video[f"-{name}"] = ":".join(f"{key}={_plain(setting)}" for key, setting in pairs.items())


_SPECIAL: dict[str, Callable[[_Reader, Any], None]] = {
    "c:v": _Reader.video_encoder,
    "c:a": _Reader.audio_encoder,
    "f": _Reader.format,
    "movflags": _Reader.movflags,
    "vf": _Reader.filters,
    "af": _Reader.audio_filters,
    "an": _Reader.without_audio,
    "vn": _Reader.without_video,
    "shortest": _Reader.shortest,
    "transloaditffpreset": _Reader.preset_file,
    "x264-params": lambda reader, value: reader.codec_parameters("x264-params", value),
    "x265-params": lambda reader, value: reader.codec_parameters("x265-params", value),
    "svtav1-params": lambda reader, value: reader.codec_parameters("svtav1-params", value),
}


def yes_or_no(name: str, value: Any) -> bool:
    """The answer, in whatever way it is written. Raises ValueError."""
    if value in (True, "true", 1, "1", ""):
        return True
    if value in (False, "false", 0, "0"):
        return False
    raise ValueError(f'"{name}" is true or false')


def _matching(name: str, value: Any, pattern: str) -> str:
    text = _plain(value)
    if not re.fullmatch(pattern, text):
        raise ValueError(f'"{name}" may not be "{text[:40]}"')
    return text


def _plain(value: Any) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def _one_of(name: str, value: Any, names: Mapping[str, str]) -> str:
    if not isinstance(value, str) or value not in names:
        raise ValueError(f'"{name}" may be one of {", ".join(names)}')
    return names[value]


def _pairs(name: str, value: Any) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in str(value).split(":")]
    if not all(equals for _, equals, _ in pairs):
        raise ValueError(f'"{name}" is an object, or text like "keyint=60:scenecut=0"')
    return {key: setting for key, _, setting in pairs}


def _seconds(text: str) -> float:
    seconds = 0.0
    for part in text.split(":"):
        seconds = seconds * 60 + float(part)
    return seconds


def _as_words(options: Mapping[str, str]) -> Words:
    return tuple(word for pair in options.items() for word in pair)
