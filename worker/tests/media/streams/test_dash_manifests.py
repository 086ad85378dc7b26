from __future__ import annotations

from xml.etree import ElementTree

from cattube_worker.media.geometry import Size
from cattube_worker.media.mp4.segment_index import SingleFile
from cattube_worker.media.streams.dash_manifests import correct_manifest
from cattube_worker.media.streams.playlists import Rendition, Segment

HEAD = '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011"><Period>'
SET = (
    '<AdaptationSet id="{number}" contentType="{kind}" startWithSAP="1" segmentAlignment="true"'
    ' bitstreamSwitching="true"{more}><Representation id="{number}" bandwidth="1"><BaseURL>r.mp4</BaseURL>'
    '<SegmentList duration="6"><Initialization range="0-9" /></SegmentList></Representation></AdaptationSet>'
)
MANIFEST = (
    HEAD
    + SET.format(number=0, kind="video", more=' frameRate="25/1" maxWidth="640" par="16:9"')
    + SET.format(number=1, kind="video", more=' frameRate="30/1" maxWidth="854" par="427:240"')
    + SET.format(number=2, kind="audio", more="")
    + "</Period></MPD>"
)
SMALL = Size(2, 2)
SPACE = {"d": "urn:mpeg:dash:schema:mpd:2011"}


def rendition(name: str, *seconds: float, size: Size | None = SMALL) -> Rendition:
    segments = [Segment(uri=f"{name}.mp4", duration_seconds=duration, size_bytes=750) for duration in seconds]
    return Rendition(uri=f"{name}.m3u8", name=name, segments=segments, size=size)


SOUND = rendition("sound", 3, size=None)


def read(text: str) -> tuple[ElementTree.Element, list[ElementTree.Element]]:
    root = ElementTree.fromstring(text)
    return root, root.findall(".//d:AdaptationSet", SPACE)


def test_renditions_of_nearly_one_shape_are_one_adaptation_set() -> None:
    text = correct_manifest(MANIFEST, [rendition("a", 6, 6), rendition("b", 6, 6), SOUND])

    _, (pictures, sound) = read(text)
    assert pictures.attrib == {
        "id": "0", "contentType": "video", "startWithSAP": "1", "segmentAlignment": "true",
    }  # fmt: skip
    attributes = [(video.get("id"), video.get("frameRate"), video.get("bandwidth")) for video in pictures]
    assert attributes == [("0", "25/1", "1000"), ("1", "30/1", "1000")]
    assert sound[0].get("bandwidth") == "2000"
    assert text.startswith(
        '<?xml version="1.0" encoding="utf-8"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"'
    )


def test_segments_of_different_lengths_are_not_aligned() -> None:
    _, (pictures, sound) = read(
        correct_manifest(MANIFEST, [rendition("a", 6, 6), rendition("b", 7, 5), SOUND])
    )

    assert (pictures.get("segmentAlignment"), sound.get("segmentAlignment")) == ("false", "true")


def test_a_single_file_is_read_by_its_own_index() -> None:
    file = SingleFile(header_bytes=838, index=range(838, 938), segments=())
    renditions = [rendition("720p", 6), rendition("360p", 6), SOUND]

    root, (pictures, sound) = read(correct_manifest(MANIFEST, renditions, files=[file] * 3))

    assert root.get("profiles") == "urn:mpeg:dash:profile:isoff-on-demand:2011"
    assert (pictures.get("subsegmentAlignment"), sound.get("subsegmentStartsWithSAP")) == ("true", "1")
    representation = pictures[0]
    assert [child.tag.partition("}")[2] for child in representation] == ["BaseURL", "SegmentBase"]
    assert representation.findtext("d:BaseURL", "", SPACE) == "720p.mp4"
    assert representation[1].attrib == {"indexRange": "838-937"}
    assert representation[1][0].attrib == {"range": "0-837"}
