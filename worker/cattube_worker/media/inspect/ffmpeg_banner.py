"""Banner that `ffmpeg -i` prints about a file, read into the shape of ffprobe's JSON.

For machines that have ffmpeg but no ffprobe, such as the imageio-ffmpeg wheel's. Pure.

The banner is a tree by indentation, which this reads as one: what a file says about itself stands in blocks
of "Metadata:", and can pose as nothing else. Releases differ in depth, since streams may stand in programmes
and groups, in the words for side data, and in names of channel layouts.

    Input #0, <names>, from '<path>':
      Duration: 00:00:06.00, start: 0.000000, bitrate: 95 kb/s
      Program 1
        Stream #0:0[0x100](eng): Video: h264 (High), yuv420p(tv), 640x360 [SAR 1:1 DAR 16:9], 25 fps (default)
          Side data:
            displaymatrix: rotation of -90.00 degrees
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_INPUT = re.compile(r"Input #0, (?P<names>[\w,]+), from ")
_DURATION = re.compile(r"Duration: (?P<h>\d+):(?P<m>\d\d):(?P<s>\d\d\.\d+)")
_START = re.compile(r"Duration: .*start: (?P<seconds>-?[\d.]+)")
_BITRATE = re.compile(r"Duration: .*bitrate: (?P<kbps>\d+) kb/s")
_PROGRAM = re.compile(r"Program (?P<id>\d+)")
_STREAM = re.compile(
    r"Stream #0:(?P<index>\d+)(?:\[0x[0-9a-f]+\])?(?:\((?P<language>[^)]*)\))?"
    r": (?P<kind>[A-Z]\w*)(?:: (?P<rest>.*))?$"
)
# In brackets is the profile, or the container's own code for the codec: "mp4a / 0x6134706D".
_CODEC = re.compile(r"(?P<codec>\w+)(?: \((?P<profile>[^)/]+)\))?")
_SIZE = re.compile(r"(?P<width>\d+)x(?P<height>\d+)(?: \[SAR (?P<sar>\d+:\d+))?")
_CONTAINER_SHAPE = re.compile(r"SAR (?P<sar>\d+:\d+) DAR ")
_PIXELS = re.compile(r"(?P<pixels>[a-z][a-z0-9]+)(?:\((?P<notes>[^)]*)\))?$")
_RATE = re.compile(r"(?P<rate>[\d.]+)(?P<k>k?) (?P<unit>fps|tbr)")
_KBPS = re.compile(r"(?P<kbps>\d+) kb/s")
_HERTZ = re.compile(r"(?P<rate>\d+) Hz")
_CHANNELS = re.compile(r"(?P<count>\d+) channels?\b")
_AMBISONIC = re.compile(r"ambisonic (?P<order>\d)(?:\+(?P<beside>.+))?")
_DISPOSITION = re.compile(r" \((?P<words>[a-z ]+)\)(?= \(|$)")
# Newer releases write "Display Matrix".
_ROTATION = re.compile(r"(?i)display ?matrix: rotation of (?P<degrees>-?[\d.]+) degrees")
_TAG = re.compile(r"(?P<key>[^\s:][^:]*?) *: (?P<value>.*)")
_FIELD_ORDERS = {
    "progressive": "progressive",
    "top first": "tt",
    "bottom first": "bb",
    "top coded first (swapped)": "tb",
    "bottom coded first (swapped)": "bt",
}
# Names that all releases have.
_LAYOUTS = {"mono": 1, "stereo": 2, "quad": 4, "5.0": 5, "5.1": 6, "5.1(side)": 6, "7.1": 8}


class BannerNotUnderstood(ValueError):
    """ffmpeg has opened the file, and its banner is none that this knows."""


@dataclass
class _Node:
    """A line of the banner, without its indentation, and the lines below it."""

    text: str
    children: list[_Node] = field(default_factory=list)

    def block(self, title: str) -> list[_Node]:
        """Lines below the child of that title."""
        return [line for child in self.children if child.text == title for line in child.children]

    def walk(self) -> Iterator[_Node]:
        """The node and all below it, except what the file says about itself."""
        yield self
        for child in self.children:
            if child.text != "Metadata:":
                yield from child.walk()


def read_banner(text: str, *, layouts: Mapping[str, int] | None = None) -> dict[str, Any] | None:
    """Document as of ffprobe, as far as the text has its values; None when no input was opened.

    layouts: number of channels of each layout that this ffmpeg has a name for.
    Raises BannerNotUnderstood.
    """
    root = next((node for node in _tree(text) if _INPUT.match(node.text)), None)
    if root is None:
        return None
    match = _INPUT.match(root.text)
    container: dict[str, Any] = {"format_name": match["names"] if match else ""}
    programs: list[dict[str, Any]] = []
    streams: dict[int, dict[str, Any]] = {}
    for node in root.walk():
        if node.text.startswith("Duration: "):
            container |= _container(node.text)
        elif match := _PROGRAM.match(node.text):
            programs.append({"program_id": int(match["id"]), "streams": _members(node)})
        elif node.text.startswith("Stream #"):
            stream = _stream(node, {**_LAYOUTS, **(layouts or {})})
            streams[stream["index"]] = stream
    if sorted(streams) != list(range(len(streams))):
        raise BannerNotUnderstood(f"of the streams only {sorted(streams)} were found")
    return {
        "format": container,
        "streams": [streams[index] for index in sorted(streams)],
        "programs": programs,
    }


def _tree(text: str) -> list[_Node]:
    """Lines as a tree. Only "\\n" ends one: ffmpeg writes no other in what a file says about itself."""
    root = _Node("")
    open_nodes: list[tuple[int, _Node]] = [(-1, root)]
    for line in text.split("\n"):
        content = line.lstrip(" ")
        if not content:
            continue
        indent = len(line) - len(content)
        while open_nodes[-1][0] >= indent:
            open_nodes.pop()
        node = _Node(content.rstrip("\r"))
        open_nodes[-1][1].children.append(node)
        open_nodes.append((indent, node))
    return root.children


def _container(line: str) -> dict[str, Any]:
    container: dict[str, Any] = {}
    if match := _DURATION.match(line):
        container["duration"] = int(match["h"]) * 3600 + int(match["m"]) * 60 + float(match["s"])
    if match := _START.match(line):
        container["start_time"] = float(match["seconds"])
    if match := _BITRATE.match(line):
        container["bit_rate"] = int(match["kbps"]) * 1000
    return container


def _members(program: _Node) -> list[dict[str, Any]]:
    matches = (_STREAM.match(node.text) for node in program.walk())
    return [{"index": int(match["index"])} for match in matches if match]


def _stream(node: _Node, layouts: Mapping[str, int]) -> dict[str, Any]:
    match = _STREAM.match(node.text)
    if match is None:
        raise BannerNotUnderstood(f"this is no stream: {node.text[:200]}")
    kind, rest = match["kind"].lower(), match["rest"] or ""
    words = [found["words"] for found in _DISPOSITION.finditer(rest)]
    stream: dict[str, Any] = {
        "index": int(match["index"]),
        "codec_type": kind,
        # "(attached pic)" is ffprobe's "attached_pic"; brackets about anything else are no harm.
        "disposition": {name.replace(" ", "_"): 1 for name in words},
        "tags": _tags(node) | ({"language": match["language"]} if match["language"] else {}),
    }
    first, *fields = _fields(rest)
    if (codec := _CODEC.match(first)) and codec["codec"] != "none":
        stream["codec_name"] = codec["codec"]
        # Newer releases have the decoder's name there, which is in small letters, where it is another.
        profile = codec["profile"] or ""
        stream["profile"] = profile if profile.lower() != profile else None
    for text in fields:
        if bit_rate := _KBPS.match(text):
            stream["bit_rate"] = int(bit_rate["kbps"]) * 1000
    for line in node.block("Side data:"):
        if rotation := _ROTATION.match(line.text):
            stream["side_data_list"] = [{"rotation": rotation["degrees"]}]
    if kind == "video":
        return stream | _video(fields)
    return stream | _audio(fields, layouts) if kind == "audio" else stream


def _tags(node: _Node) -> dict[str, str]:
    matches = (_TAG.fullmatch(line.text) for line in node.block("Metadata:"))
    return {match["key"]: match["value"] for match in matches if match}


def _fields(rest: str) -> list[str]:
    """Parts of a line between commas, but for commas in brackets."""
    parts, depth = [""], 0
    for character in rest:
        depth += (character in "([") - (character in ")]")
        if character == "," and depth <= 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def _video(fields: list[str]) -> dict[str, Any]:
    video: dict[str, Any] = {}
    for index, text in enumerate(fields):
        if match := _RATE.match(text):
            key = "avg_frame_rate" if match["unit"] == "fps" else "r_frame_rate"
            video[key] = str(float(match["rate"]) * (1000 if match["k"] else 1))
        elif "width" not in video and (match := _SIZE.match(text)):
            video |= {"width": int(match["width"]), "height": int(match["height"])}
            video["sample_aspect_ratio"] = match["sar"] or "1:1"
        elif match := _CONTAINER_SHAPE.match(text):  # It holds where the codec's own, in brackets, differs.
            video["sample_aspect_ratio"] = match["sar"]
        elif index == 0 and (match := _PIXELS.match(text)) and match["pixels"] != "none":
            video["pix_fmt"] = match["pixels"]
            video |= _notes(match["notes"] or "")
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


def _audio(fields: list[str], layouts: Mapping[str, int]) -> dict[str, Any]:
    audio: dict[str, Any] = {}
    for text in fields:
        name = _DISPOSITION.sub("", text)
        if match := _HERTZ.match(text):
            audio["sample_rate"] = int(match["rate"])
        elif match := _CHANNELS.match(text):
            audio["channels"] = int(match["count"])
        elif match := _AMBISONIC.match(name):
            beside = layouts.get(match["beside"] or "", 0)
            audio |= {"channels": (int(match["order"]) + 1) ** 2 + beside, "channel_layout": name}
        elif name in layouts:
            audio |= {"channels": layouts[name], "channel_layout": name}
    return audio
