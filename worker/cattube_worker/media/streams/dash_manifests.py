"""DASH manifests as ffmpeg writes them, set right. Pure.

ffmpeg refuses renditions as one choice whose shapes differ by a pixel of rounding, gives all segments of a
file one length, and promises what encoders promised. Source: ISO/IEC 23009-1.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from cattube_worker.media.mp4.segment_index import SingleFile
from cattube_worker.media.streams.playlists import Rendition

_NAMESPACES = {
    "": "urn:mpeg:dash:schema:mpd:2011",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xlink": "http://www.w3.org/1999/xlink",
}
for _prefix, _uri in _NAMESPACES.items():
    ElementTree.register_namespace(_prefix, _uri)
_MPD = "{urn:mpeg:dash:schema:mpd:2011}"
# True of one rendition alone, or of none.
_OF_ONE = ("bitstreamSwitching", "par", "maxWidth", "maxHeight", "frameRate")
_OF_PARTS = {"segmentAlignment": "subsegmentAlignment", "startWithSAP": "subsegmentStartsWithSAP"}


def set_right(manifest: str, renditions: Sequence[Rendition], *, files: Sequence[SingleFile] = ()) -> str:
    """The manifest with all pictures as one choice, and the bandwidths measured.

    manifest: with each rendition of pictures in a set of its own, then the sounds. renditions: in its order.
    files: of each rendition, where it is a single file; its name is then in the rendition's segments.
    """
    root = ElementTree.fromstring(manifest)  # noqa: S314 - our own ffmpeg has written it
    for number, rendition in enumerate(renditions):
        each = root.find(f".//{_MPD}Representation[@id='{number}']")
        if each is not None:
            each.set("bandwidth", str(rendition.peak_bps))
            if files:
                _point_to(each, rendition.segments[0].uri, files[number])
    _as_one_choice(root, [each for each in renditions if each.size is not None])
    if files:
        _say_on_demand(root)
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _as_one_choice(root: Element, pictures: Sequence[Rendition]) -> None:
    period = root.find(f"{_MPD}Period")
    sets = [] if period is None else period.findall(f"{_MPD}AdaptationSet")
    for each in sets[: len(pictures)]:
        rate = each.get("frameRate")
        for representation in each.findall(f"{_MPD}Representation") if rate else ():
            representation.set("frameRate", str(rate))
        for name in _OF_ONE:
            each.attrib.pop(name, None)
    for each in sets[1 : len(pictures)]:
        sets[0].extend(each.findall(f"{_MPD}Representation"))
        if period is not None:
            period.remove(each)
    if pictures and sets:
        sets[0].set("segmentAlignment", str(_are_aligned(pictures)).lower())


def _are_aligned(pictures: Sequence[Rendition]) -> bool:
    """Whether a player may go from any segment of one to the next of another."""
    lengths = {tuple(round(each.duration_seconds, 2) for each in one.segments) for one in pictures}
    return len(lengths) == 1


def _say_on_demand(root: Element) -> None:
    """The profile of manifests that lead to whole files, which has words of its own for their parts."""
    root.set("profiles", "urn:mpeg:dash:profile:isoff-on-demand:2011")
    for each in root.iter(f"{_MPD}AdaptationSet"):
        for word, own in _OF_PARTS.items():
            if (value := each.attrib.pop(word, None)) is not None:
                each.set(own, value)


def _point_to(representation: Element, name: str, file: SingleFile) -> None:
    """Have players look the segments up in the file's own index."""
    for each in list(representation):
        if each.tag in {f"{_MPD}BaseURL", f"{_MPD}SegmentList"}:
            representation.remove(each)
    SubElement(representation, f"{_MPD}BaseURL").text = name
    index = {"indexRange": f"{file.index.start}-{file.index.stop - 1}"}
    base = SubElement(representation, f"{_MPD}SegmentBase", index)
    SubElement(base, f"{_MPD}Initialization", {"range": f"0-{file.header_bytes - 1}"})
