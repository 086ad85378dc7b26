from __future__ import annotations

import pytest

from cattube_worker.media.inspect.formats import (
    AUDIO_VIDEO_DEMUXERS,
    Kind,
    claims_media,
    kind_of_container,
    kind_of_other,
)


def test_m03_no_format_that_names_other_files_is_read() -> None:
    scripts = {
        "hls",
        "dash",
        "concat",
        "ffmetadata",
        "sdp",
        "imf",
        "image2",
        "lavfi",
        "tty",
        "xbin",
        "webvtt",
    }

    assert not scripts & set(AUDIO_VIDEO_DEMUXERS)


@pytest.mark.parametrize(
    ("names", "has_video", "head", "kind"),
    [
        ("mov,mp4,m4a,3gp,3g2,mj2", True, b"\0\0\0\x18ftypisom", Kind("video/mp4", "video", "mp4")),
        ("mov,mp4,m4a,3gp,3g2,mj2", True, b"\0\0\0\x14ftypqt  ", Kind("video/quicktime", "video", "mov")),
        ("mov,mp4,m4a,3gp,3g2,mj2", False, b"\0\0\0\x18ftypM4A ", Kind("audio/mp4", "audio", "m4a")),
        ("matroska,webm", True, b"\x1aE\xdf\xa3...webm", Kind("video/webm", "video", "webm")),
        ("matroska,webm", True, b"\x1aE\xdf\xa3..matroska", Kind("video/x-matroska", "video", "mkv")),
        ("gif", True, b"GIF89a", Kind("image/gif", "image", "gif")),
        ("ape", False, b"MAC ", Kind(None, "audio", "ape")),
    ],
)
def test_a_container_has_its_common_kind(names: str, has_video: bool, head: bytes, kind: Kind) -> None:
    assert kind_of_container(names, has_video=has_video, head=head) == kind


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        pytest.param(b"%PDF-1.7", "x.mp4", Kind("application/pdf", "pdf", "pdf"), id="bytes-before-name"),
        pytest.param(b"hello", "x.mp4", Kind("text/plain", "document", "txt"), id="text"),
        pytest.param(b"a,b\n", "x.csv", Kind("text/csv", "document", "csv"), id="name-tells-more"),
        pytest.param(b"\0\1\2", "x.bin", Kind("application/octet-stream", None, ""), id="unknown"),
        pytest.param(b"", "x.mp4", Kind(None, None, ""), id="empty"),
    ],
)
def test_other_files_are_recognized_by_their_bytes_and_then_by_name(
    head: bytes, name: str, kind: Kind
) -> None:
    assert kind_of_other(head, name=name) == kind


SVG, HTML = Kind("image/svg+xml", "image", "svg"), Kind("text/html", "document", "html")
JSON, TEXT = Kind("application/json", None, "json"), Kind("text/plain", "document", "txt")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param('<svg xmlns="http://www.w3.org/2000/svg"/>', SVG, id="svg"),
        pytest.param('<?xml version="1.0"?>\n<!-- a cat -->\n<!DOCTYPE svg PUBLIC "x">', SVG, id="doctype"),
        pytest.param("\ufeff\n <!-- > --><svg:svg>", SVG, id="svg-with-prefix"),
        pytest.param("<!doctype HTML>", HTML, id="html"),
        pytest.param('<?xml version="1.0"?><!DOCTYPE html PUBLIC "x">', HTML, id="xhtml"),
        pytest.param("<body onload=purr()>", HTML, id="fragment"),
        pytest.param(' {"cat": [1, 2.5e3, null]}\n', JSON, id="object"),
        pytest.param('["Minka"]', JSON, id="array"),
        pytest.param("<rss><svg>", TEXT, id="other-xml"),
        pytest.param("<svgs>", TEXT, id="longer-name"),
        pytest.param("[cats]\nname = Minka", TEXT, id="ini"),
        pytest.param("[2027-01-15] purr", TEXT, id="log"),
        pytest.param('{"cat": 1', TEXT, id="broken-json"),
        pytest.param('{"a": 1}\n{"b": 2}', TEXT, id="json-lines"),
        pytest.param("[" * 4000, TEXT, id="deep"),
        pytest.param("<!--" * 1000, TEXT, id="comment-without-end"),
    ],
)
def test_t53_text_without_an_ending_is_known_by_its_bytes(text: str, kind: Kind) -> None:
    assert kind_of_other(text.encode(), name="file1") == kind
    assert kind_of_other(text.encode(), name="x.txt") == TEXT


@pytest.mark.parametrize("cut", range(2, 40))
def test_t53_json_is_known_wherever_its_beginning_is_cut(cut: int) -> None:
    text = '{"näme": "Minka \\u00e9", "n": [-12.5e-7, true, null, {"a": "b"}]}' * 2

    assert kind_of_other(text.encode()[:cut], name="file1", is_whole=False) == JSON


def test_t53_text_in_utf_16_is_known_too() -> None:
    head = '<?xml version="1.0" encoding="UTF-16"?><svg>'.encode("utf-16")

    assert kind_of_other(head, name="file1") == SVG


@pytest.mark.parametrize(
    ("name", "declared", "claims"),
    [
        ("holiday.MP4", None, True),
        ("song.flac", None, True),
        ("noname", "video/webm", True),
        ("notes.txt", "text/plain", False),
        ("picture.jpg", "image/jpeg", False),
        ("noname", None, False),
    ],
)
def test_a_claim_to_be_media_is_in_the_name_or_the_declared_type(
    name: str, declared: str | None, claims: bool
) -> None:
    assert claims_media(name, declared_mime=declared) is claims
