"""Banner that `ffmpeg -i` prints about a file, read into the shape of ffprobe's JSON.

For machines that have ffmpeg but no ffprobe, such as the imageio-ffmpeg wheel's. Pure.
"""

from __future__ import annotations

import re
from typing import Any

_INPUT = re.compile(r"^Input #0, (?P<names>[\w,]+), from ", re.MULTILINE)
_DURATION = re.compile(r"^  Duration: (?P<h>\d+):(?P<m>\d\d):(?P<s>\d\d\.\d+)", re.MULTILINE)
_START = re.compile(r"^  Duration: .*start: (?P<seconds>-?[\d.]+)", re.MULTILINE)
_BITRATE = re.compile(r"^  Duration: .*bitrate: (?P<kbps>\d+) kb/s", re.MULTILINE)
_STREAM = re.compile(r"^  Stream #0:\d+\S*: (?P<kind>Video|Audio|Subtitle): (?P<rest>.*)$")
# In brackets is the profile, or the container's own code for the codec: "mp4a / 0x6134706D".
_CODEC = re.compile(r"(?P<codec>\w+)(?: \((?P<profile>[^)/]+)\))?")
_SIZE = re.compile(r", (?P<width>\d+)x(?P<height>\d+)(?: \[SAR (?P<sar>\d+:\d+))?")
_PIXELS = re.compile(r", (?P<pixels>[a-z][a-z0-9]+)(?:\((?P<notes>[^)]*)\))?, \d+x\d+")
_FPS = re.compile(r", (?P<fps>[\d.]+)(?P<k>k?) fps")
_KBPS = re.compile(r", (?P<kbps>\d+) kb/s")
_SOUND = re.compile(r", (?P<rate>\d+) Hz, (?P<layout>[^,]+)")
# Newer releases write "Display Matrix".
_ROTATION = re.compile(r"(?i)display ?matrix: rotation of (?P<degrees>-?[\d.]+) degrees")
_FIELD_ORDERS = {
    "progressive": "progressive",
    "top first": "tt",
    "bottom first": "bb",
    "top coded first (swapped)": "tb",
    "bottom coded first (swapped)": "bt",
}
_CHANNELS = {"mono": 1, "stereo": 2, "5.1": 6, "5.1(side)": 6, "7.1": 8}


def read_banner(text: str) -> dict[str, Any] | None:
    """Document as of ffprobe, as far as the text has its values; None when no input was opened."""
    input_match = _INPUT.search(text)
    if not input_match:
        return None
    container: dict[str, Any] = {"format_name": input_match["names"]}
    if match := _DURATION.search(text):
        container["duration"] = int(match["h"]) * 3600 + int(match["m"]) * 60 + float(match["s"])
    if match := _START.search(text):
        container["start_time"] = float(match["seconds"])
    if match := _BITRATE.search(text):
        container["bit_rate"] = int(match["kbps"]) * 1000
    return {"format": container, "streams": _streams(text[input_match.end() :])}


def _streams(text: str) -> list[dict[str, Any]]:
    streams: list[dict[str, Any]] = []
    for line in text.splitlines():
        if match := _STREAM.match(line):
            streams.append(_stream(match["kind"].lower(), match["rest"]))
        elif streams and (rotation := _ROTATION.search(line)):
            streams[-1]["side_data_list"] = [{"rotation": rotation["degrees"]}]
    return streams


def _stream(kind: str, rest: str) -> dict[str, Any]:
    stream: dict[str, Any] = {
        "codec_type": kind,
        "disposition": {"attached_pic": int("(attached pic)" in rest)},
    }
    if match := _CODEC.match(rest):
        stream |= {"codec_name": match["codec"], "profile": match["profile"]}
    if match := _KBPS.search(rest):
        stream["bit_rate"] = int(match["kbps"]) * 1000
    return stream | (_video(rest) if kind == "video" else _audio(rest) if kind == "audio" else {})


def _video(rest: str) -> dict[str, Any]:
    video: dict[str, Any] = {}
    if match := _SIZE.search(rest):
        video |= {"width": int(match["width"]), "height": int(match["height"])}
        video["sample_aspect_ratio"] = match["sar"] or "1:1"
    if match := _PIXELS.search(rest):
        video["pix_fmt"] = match["pixels"]
        video |= _notes(match["notes"] or "")
    if match := _FPS.search(rest):
        video["avg_frame_rate"] = str(float(match["fps"]) * (1000 if match["k"] else 1))
    return video


def _notes(text: str) -> dict[str, str]:
    """Colours and field order in notes such as "tv, bt2020nc/bt2020/smpte2084, top first"."""
    notes = {}
    for word in text.split(", "):
        if word in {"tv", "pc"}:
            notes["color_range"] = word
        elif word in _FIELD_ORDERS:
            notes["field_order"] = _FIELD_ORDERS[word]
        elif word:
            space, primaries, transfer = word.split("/") if word.count("/") == 2 else [word] * 3
            notes |= {"color_space": space, "color_primaries": primaries, "color_transfer": transfer}
    return notes


def _audio(rest: str) -> dict[str, Any]:
    match = _SOUND.search(rest)
    if not match:
        return {}
    numbered = re.match(r"(\d+) channels", match["layout"])
    channels = int(numbered[1]) if numbered else _CHANNELS.get(match["layout"].strip())
    return {"sample_rate": int(match["rate"]), "channels": channels}
