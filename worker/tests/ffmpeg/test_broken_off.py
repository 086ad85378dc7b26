"""Recordings that break off, known by their own bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from cattube_worker.media.inspect.broken_off import breaks_off

from .strange_clips import AAC, X264, fields, make, tone

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
