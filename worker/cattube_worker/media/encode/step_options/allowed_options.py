"""The options, encoders, formats and filters of ffmpeg that a step may ask for: nothing else is let through.

So no instruction can add an input, name a file, use a protocol or read the machine through a filter's own
file option.
Source: Transloadit's `robots/_instructions-primitives`, "robotFFmpeg".
"""

from __future__ import annotations

import re

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
AUDIO_FILTERS = frozenset(
    {
        "volume", "loudnorm", "dynaudnorm", "afade", "atempo", "aresample", "aformat", "highpass", "lowpass",
        "bass", "treble", "equalizer", "acompressor", "alimiter", "pan", "adelay", "apad", "areverse",
        "asetpts", "silenceremove",
    }
)  # fmt: skip
DRAWTEXT_OPTIONS = frozenset(
    {
        "text", "x", "y", "fontsize", "fontcolor", "font", "alpha", "box", "boxcolor", "boxborderw",
        "borderw", "bordercolor", "shadowx", "shadowy", "shadowcolor", "line_spacing", "enable",
    }
)  # fmt: skip
CODEC_PARAMETERS = frozenset(
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
TIME = r"(\d{1,3}:){0,2}\d{1,6}(\.\d{1,6})?"
_RATE = r"([1-5]?\d(\.\d{1,3})?|60|\d{1,5}/1001)"
_WORD = r"[A-Za-z0-9_.-]{1,32}"
FILTER = re.compile(r"(?P<name>[a-z0-9]+)(=(?P<options>.*))?", re.DOTALL)
FILTER_OPTIONS = re.compile(r"[\w=:.+\-*/()<>|%# !?&,]*")  # no backslash: it would hide what follows
_KEY_FRAMES = rf"(expr:gte\(t,n_forced\*{_NUMBER}\)|{TIME}(,{TIME}){{0,499}})"

# Options that are written to ffmpeg as they are, with what their values must look like.
VIDEO_OPTIONS = {
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
AUDIO_OPTIONS = {
    "b:a": _BITRATE, "ar": _INTEGER, "ac": r"[1-8]", "q:a": _NUMBER, "qscale:a": _NUMBER,
    "profile:a": _WORD, "vbr": _WORD, "compression_level": _INTEGER, "application": _WORD,
}  # fmt: skip
TIME_OPTIONS = ("ss", "t", "to")
# Accepted, and without effect: they would change how, not what is made.
WITHOUT_EFFECT = frozenset({"threads", "strict", "vsync", "async", "loglevel", "max_muxing_queue_size", "y"})
MOVFLAGS = re.compile(r"\+?(faststart|frag_keyframe|empty_moov|default_base_moof|rtphint)"
                       r"(\+(faststart|frag_keyframe|empty_moov|default_base_moof|rtphint))*")  # fmt: skip
SYNONYMS = {
    "codec:v": "c:v", "vcodec": "c:v", "codec:a": "c:a", "acodec": "c:a", "filter:v": "vf", "filter:a": "af",
    "ab": "b:a", "vb": "b:v", "aq": "q:a",
}  # fmt: skip
PER_STREAM = frozenset({"codec", "c", "b", "q", "qscale", "profile", "filter", "tag"})
