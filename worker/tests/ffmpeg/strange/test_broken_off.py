"""Recordings that break off, known by their own bytes."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from cattube_worker.media.inspect.broken_off import breaks_off

from .clips import AAC, X264, fields, make, tone

pytestmark = pytest.mark.ffmpeg

FRAGMENTS = ["-movflags", "frag_keyframe+empty_moov+default_base_moof"]
MPEG2 = ["-c:v", "mpeg2video", "-c:a", "mp2"]
VP8 = ["-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus"]
CONTAINERS = {
    "mp4": [*X264, *AAC],
    "mov": [*X264, *AAC],
    "fragments.mp4": [*X264, *AAC, *FRAGMENTS],
    "mkv": [*X264, *AAC],
    "live.mkv": [*X264, *AAC, "-live", "1"],
    "webm": VP8,
    "flv": [*X264, *AAC],
    "ts": [*X264, *AAC],
    "m2ts": [*X264, *AAC, "-mpegts_m2ts_mode", "1"],
    "avi": ["-c:v", "mpeg4", "-c:a", "mp2"],
    "mpg": MPEG2,
    "vob": MPEG2,
    "ogg": ["-vn", "-c:a", "libopus"],
}


@pytest.mark.parametrize("container", CONTAINERS)
def test_m58_a_file_is_whole_unless_it_breaks_off_within_a_packet(tmp_path: Path, container: str) -> None:
    path = make(tmp_path / f"clip.{container}", *fields(), *tone(), *CONTAINERS[container])
    whole = path.read_bytes()
    assert not breaks_off(path)

    known = 0
    for place in range(20):
        path.write_bytes(whole[: len(whole) * (30 + 3 * place) // 100 + place])
        known += breaks_off(path)

    # Where a cut falls between two packets by chance, the rest is a whole file.
    assert known >= 17


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\x1a\x45\xdf\xa3" * 3, id="matroska"),
        pytest.param(b"FLV\x01", id="flash"),
        pytest.param(b"\0\0\0\x18ftypisom", id="movie"),
        pytest.param(b"RIFF", id="riff"),
        pytest.param(b"OggS", id="ogg"),
        pytest.param(b"\0\0\1\xba", id="program-stream"),
        pytest.param(b"G" * 1000, id="letters"),
    ],
)
def test_m58_any_beginning_is_read_without_an_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "clip").write_bytes(content)

    assert breaks_off(tmp_path / "clip") in {True, False}


def test_m58_a_file_that_goes_on_to_its_end_is_whole(tmp_path: Path) -> None:
    """A box of the size 0, and a WAV that was written to a pipe."""
    (tmp_path / "clip.mp4").write_bytes(b"\0\0\0\x08free\0\0\0\0mdat" + bytes(100))
    (tmp_path / "clip.wav").write_bytes(b"RIFF\xff\xff\xff\xffWAVEfmt " + bytes(100))

    assert not breaks_off(tmp_path / "clip.mp4")
    assert not breaks_off(tmp_path / "clip.wav")


def test_m58_a_browsers_recording_of_many_clusters_without_a_length_is_read_to_its_end(
    tmp_path: Path,
) -> None:
    header, cluster = b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\xff", b"\x1f\x43\xb6\x75\xff\xe7\x81\x00"
    (tmp_path / "clip.webm").write_bytes(header + cluster * 5000)
    assert not breaks_off(tmp_path / "clip.webm")

    (tmp_path / "clip.webm").write_bytes(header + cluster * 5000 + b"\xa3\x84\x81")
    assert breaks_off(tmp_path / "clip.webm")


TS_PACKET = b"G" + bytes(187)
FLV_TAG = b"\x09\0\0\x14" + bytes(27)  # twenty bytes of video behind its eleven of head
FLV = b"FLV\x01\x05\0\0\0\x09" + bytes(4)
OGG_PAGE = b"OggS\0\0" + bytes(20) + b"\1\x10" + bytes(16)
MOVIE = b"\0\0\0\x08ftyp\0\0\0\x0cmoov\0\0\0\0\0\0\0\x10mdatmeowmeow"


def avi(length: int) -> bytes:
    return b"RIFF" + struct.pack("<I", length) + b"AVI " + bytes(100)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(TS_PACKET * 20 + bytes(100), id="transport-stream-with-padding"),
        pytest.param(
            TS_PACKET * 20 + TS_PACKET[:-1] + TS_PACKET * 20, id="transport-stream-with-a-lost-byte"
        ),
        pytest.param(FLV + (FLV_TAG + bytes(4)) * 5, id="flash-without-lengths-of-tags"),
        pytest.param(FLV + (FLV_TAG + b"\0\0\0\x14") * 5, id="flash-with-lengths-without-the-head"),
        pytest.param(OGG_PAGE * 5, id="ogg-of-a-live-stream"),
        pytest.param(avi(0), id="avi-written-to-a-pipe"),
        pytest.param(avi(104 + 8), id="avi-that-counts-its-header"),
        pytest.param(MOVIE + b"\0\0\x10\0free" + bytes(9), id="mp4-with-less-padding-than-it-says"),
    ],
)
def test_m88_file_that_is_odd_and_whole_is_not_said_to_break_off(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "clip").write_bytes(content)

    assert not breaks_off(tmp_path / "clip")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(TS_PACKET * 20 + TS_PACKET[:50], id="transport-stream"),
        pytest.param(FLV + (FLV_TAG + b"\0\0\0\x1f") * 5 + FLV_TAG[:20], id="flash"),
        pytest.param(OGG_PAGE * 5 + OGG_PAGE[:40], id="ogg"),
        pytest.param(avi(104 + 99), id="avi"),
        pytest.param(MOVIE[:-1], id="mp4"),
    ],
)
def test_m88_file_of_the_same_kind_that_is_cut_breaks_off(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "clip").write_bytes(content)

    assert breaks_off(tmp_path / "clip")


def test_m88_headers_are_read_and_not_what_lies_behind_them(tmp_path: Path) -> None:
    """With a buffer, each of twenty thousand boxes would cost a block of the disk."""
    path, read_bytes = tmp_path / "clip.mp4", "/proc/self/io"
    path.write_bytes(MOVIE + (b"\0\1\0\0free" + bytes(2**16 - 8)) * 100)

    def so_far() -> int:
        fields = dict(line.split(": ") for line in Path(read_bytes).read_text().splitlines())
        return int(fields["rchar"])

    before = so_far()
    assert not breaks_off(path)

    assert so_far() - before < 100 * 1024
