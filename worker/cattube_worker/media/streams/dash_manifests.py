"""DASH manifests of ffmpeg, corrected. Pure.

ffmpeg refuses an adaptation set whose renditions differ in shape by a pixel of rounding, gives all segments
of a file one length, and writes the bandwidths that encoders announced. Source: ISO/IEC 23009-1.
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
# Attributes that hold for one rendition alone, or for none.
_OF_ONE_RENDITION = ("bitstreamSwitching", "par", "maxWidth", "maxHeight", "frameRate")
_ON_DEMAND_NAMES = {"segmentAlignment": "subsegmentAlignment", "startWithSAP": "subsegmentStartsWithSAP"}


def correct_manifest(
    manifest: str, renditions: Sequence[Rendition], *, files: Sequence[SingleFile] = ()
) -> str:
    """Manifest with all videos in one adaptation set, and with measured bandwidths.

    manifest: with each video in a set of its own, then the audio. renditions: in its order. files: of each
    rendition, when it is a single file; its name is then that of the rendition's segments.
    """
    root = ElementTree.fromstring(manifest)  # noqa: S314 - our own ffmpeg has written it
    for number, rendition in enumerate(renditions):
        representation = root.find(f".//{_MPD}Representation[@id='{number}']")
        if representation is not None:
            representation.set("bandwidth", str(rendition.peak_bps))
            if files:
                _point_to(representation, rendition.segments[0].uri, files[number])
    _merge_sets(root, [rendition for rendition in renditions if rendition.size is not None])
    if files:
        _use_on_demand_profile(root)
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _merge_sets(root: Element, videos: Sequence[Rendition]) -> None:
    period = root.find(f"{_MPD}Period")
    sets = [] if period is None else period.findall(f"{_MPD}AdaptationSet")
    for adaptation_set in sets[: len(videos)]:
        rate = adaptation_set.get("frameRate")
        for representation in adaptation_set.findall(f"{_MPD}Representation") if rate else ():
            representation.set("frameRate", str(rate))
        for name in _OF_ONE_RENDITION:
            adaptation_set.attrib.pop(name, None)
    for adaptation_set in sets[1 : len(videos)]:
        sets[0].extend(adaptation_set.findall(f"{_MPD}Representation"))
        if period is not None:
            period.remove(adaptation_set)
    if videos and sets:
        sets[0].set("segmentAlignment", str(_are_aligned(videos)).lower())


def _are_aligned(videos: Sequence[Rendition]) -> bool:
    """Tell if a player may go from any segment of one to the next of another."""
    lengths = {tuple(round(segment.duration_seconds, 2) for segment in video.segments) for video in videos}
    return len(lengths) == 1


def _use_on_demand_profile(root: Element) -> None:
    """Set the profile of manifests that lead to single files, and its names of two attributes."""
    root.set("profiles", "urn:mpeg:dash:profile:isoff-on-demand:2011")
    for adaptation_set in root.iter(f"{_MPD}AdaptationSet"):
        for name, on_demand_name in _ON_DEMAND_NAMES.items():
            if (value := adaptation_set.attrib.pop(name, None)) is not None:
                adaptation_set.set(on_demand_name, value)


def _point_to(representation: Element, name: str, file: SingleFile) -> None:
    """Have players read the segments from the file's own index."""
    for child in list(representation):
        if child.tag in {f"{_MPD}BaseURL", f"{_MPD}SegmentList"}:
            representation.remove(child)
    SubElement(representation, f"{_MPD}BaseURL").text = name
    index = {"indexRange": f"{file.index.start}-{file.index.stop - 1}"}
    base = SubElement(representation, f"{_MPD}SegmentBase", index)
    SubElement(base, f"{_MPD}Initialization", {"range": f"0-{file.header_bytes - 1}"})
