"""Pictures of channels: what is in them besides the picture is not shown to anybody (W109)."""

from __future__ import annotations

import struct
import subprocess
import zlib
from pathlib import Path
from typing import Any

import pytest
from conftest import MakeVideo
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cattube.channels.pictures.picture import InvalidPicture, clean_picture
from cattube.videos.models import Video

SECRET = b"59.3293 N, 18.0686 E"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*extra: bytes, width: int = 2, height: int = 2) -> bytes:
    """A grey picture. extra: chunks before its pixels."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\x00\x80\x80" * 2))
    return b"".join([b"\x89PNG\r\n\x1a\n", head, *extra, pixels, chunk(b"IEND", b"")])


def segment(code: int, body: bytes) -> bytes:
    return bytes([0xFF, code]) + struct.pack(">H", len(body) + 2) + body


def jpeg(*extra: bytes, width: int = 8) -> bytes:
    """The shape of a JPEG file. extra: segments at its beginning."""
    frame = segment(0xC0, struct.pack(">BHHBBBB", 8, 8, width, 1, 1, 0x11, 0))
    scan = segment(0xDA, bytes([1, 1, 0, 0, 63, 0])) + b"\x12\xff\x00\x34\xff\xd0\x56"
    return b"".join([b"\xff\xd8", *extra, segment(0xDB, bytes(65)), frame, scan, b"\xff\xd9"])


def exif(order: str, orientation: int) -> bytes:
    """EXIF with an orientation and a place."""
    start = b"II*\x00" if order == "<" else b"MM\x00*"
    entries = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, orientation, 0)
    return b"Exif\x00\x00" + start + struct.pack(f"{order}IH", 8, 1) + entries + bytes(4) + SECRET


HIDING = {
    "png-text": png(chunk(b"tEXt", b"Comment\x00" + SECRET)),
    "png-exif": png(chunk(b"eXIf", SECRET)),
    "png-behind": png() + SECRET,
    "jpeg-exif": jpeg(segment(0xE1, b"Exif\x00\x00" + SECRET)),
    "jpeg-oriented": jpeg(segment(0xE1, exif("<", 6))),
    "jpeg-comment": jpeg(segment(0xFE, SECRET)),
    "jpeg-profile": jpeg(segment(0xE2, SECRET), segment(0xED, SECRET)),
    "jpeg-behind": jpeg() + b"<script>" + SECRET,
}


@pytest.mark.parametrize("name", HIDING)
def test_nothing_hides_in_a_picture_w109(name: str) -> None:
    picture = clean_picture(HIDING[name])

    assert SECRET not in picture.content
    assert b"<script>" not in picture.content
    assert clean_picture(picture.content).content == picture.content


@pytest.mark.parametrize("order", ["<", ">"])
def test_picture_keeps_how_the_camera_was_held(order: str) -> None:
    picture = clean_picture(jpeg(segment(0xE1, exif(order, 6))))

    assert exif(">", 6).removesuffix(SECRET) in picture.content


BROKEN = {
    "empty": b"",
    "text": b"<svg onload=alert(1)>",
    "gif": b"GIF89a" + bytes(20),
    "png-start": png()[:8],
    "png-cut": png()[:-20],
    "png-checksum": png().replace(chunk(b"IEND", b""), b"\x00\x00\x00\x00IEND\x00\x00\x00\x00"),
    "png-length": b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR",
    "png-wide": png(width=5000),
    "png-flat": png(height=0),
    "jpeg-start": b"\xff\xd8\xff",
    "jpeg-cut": jpeg()[:-2],
    "jpeg-length": b"\xff\xd8\xff\xe0\x00\x01",
    "jpeg-without-picture": b"\xff\xd8" + segment(0xFE, b"x") + b"\xff\xd9",
    "jpeg-wide": jpeg(width=5000),
    "jpeg-frame": b"\xff\xd8" + segment(0xC0, b"\x08") + b"\xff\xd9",
    "large": png() + bytes(1_000_000),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_picture_is_refused_in_words_w109(name: str) -> None:
    with pytest.raises(InvalidPicture, match=r"^(This|The) .+\.$"):
        clean_picture(BROKEN[name])


@pytest.mark.parametrize("position", range(0, 120, 3))
def test_damaged_picture_is_refused_or_rebuilt_and_nothing_else_w109(position: int) -> None:
    for whole in (png(), jpeg(segment(0xE1, exif(">", 6)))):
        damaged = bytearray(whole)
        damaged[position % len(whole)] ^= 0xFF
        try:
            assert SECRET not in clean_picture(bytes(damaged)).content
        except InvalidPicture:
            continue


@pytest.mark.ffmpeg
@pytest.mark.parametrize("kind", ["png", "jpg"])
def test_real_picture_looks_as_before(tmp_path: Path, kind: str) -> None:
    path, rebuilt = tmp_path / f"a.{kind}", tmp_path / f"b.{kind}"
    frame = ["-f", "lavfi", "-i", "testsrc=s=64x48", "-frames:v", "1"]
    subprocess.run(["ffmpeg", "-v", "error", *frame, str(path)], check=True)
    rebuilt.write_bytes(clean_picture(path.read_bytes()).content)

    def pixels(picture: Path) -> bytes:
        argv = ["ffmpeg", "-v", "error", "-i", str(picture), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
        return subprocess.run(argv, check=True, capture_output=True).stdout

    assert pixels(rebuilt) == pixels(path) != b""


@pytest.fixture
def video(make_video: MakeVideo) -> Video:
    return make_video(visibility="public", status="ready")


def put(client: Client, content: bytes) -> Any:
    return client.put("/api/channels/alice/picture", content, "image/png")


def test_picture_of_a_channel_is_seen_by_those_who_see_the_channel_w109(
    as_alice: Client, as_bob: Client, client: Client, video: Video
) -> None:
    refused = put(as_bob, png())
    address = put(as_alice, HIDING["png-text"]).json()["picture"].removeprefix("http://testserver")
    page, shown = client.get("/channels/alice").content.decode(), client.get(address)
    Video.objects.update(visibility="private")
    hidden = client.get(address)

    assert refused.status_code == 403
    assert f'src="{address}"' in page
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert SECRET not in shown.content
    assert (hidden.status_code, as_alice.get(address).status_code) == (404, 200)


def test_picture_is_chosen_and_removed_by_form(as_alice: Client, client: Client, video: Video) -> None:
    form: dict[str, Any] = {"name": "alice", "about": ""}

    as_alice.post("/channels/alice/edit", {**form, "picture": SimpleUploadedFile("a.png", png())})
    chosen = client.get("/channels/alice/picture")
    wrong = as_alice.post("/channels/alice/edit", {**form, "picture": SimpleUploadedFile("a.png", b"GIF89a")})
    as_alice.post("/channels/alice/edit", form)
    kept = client.get("/channels/alice/picture")
    as_alice.post("/channels/alice/edit", {**form, "removes_picture": "on"})

    assert (chosen.status_code, kept.status_code) == (200, 200)
    assert "neither a PNG nor a JPEG" in wrong.content.decode()
    assert client.get("/channels/alice/picture").status_code == 404


def test_picture_is_removed_by_script(as_alice: Client, video: Video) -> None:
    put(as_alice, png())

    assert as_alice.delete("/api/channels/alice/picture").status_code == 204
    assert as_alice.get("/api/channels/alice").json()["picture"] is None
    assert put(as_alice, bytes(10)).json()["error"] == "INVALID_PICTURE"
