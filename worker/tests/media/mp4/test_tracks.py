"""Tracks as the index of a movie has them."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import pytest

from cattube_worker.media.mp4.tracks import read_tracks


def box(kind: bytes, *contents: bytes) -> bytes:
    content = b"".join(contents)
    return struct.pack(">I4s", 8 + len(content), kind) + content


def entry(width: int, height: int, *inner: bytes) -> bytes:
    fields = bytes(24) + struct.pack(">HH", width, height) + bytes(50)
    return box(b"avc1", fields, *inner)


def clap(width: int, height: int, *, left: int = 0, top: int = 0) -> bytes:
    return box(b"clap", struct.pack(">IIIIiIiI", width, 1, height, 1, left, 1, top, 1))


def trak(kind: bytes, *, ticks: int, samples: int = 50, edits: bytes = b"", described: bytes = b"") -> bytes:
    header = box(b"mdhd", bytes(12), struct.pack(">II", 1000, ticks), bytes(4))
    table = box(
        b"stbl",
        box(b"stsd", bytes(4), struct.pack(">I", 1), described),
        box(b"stts", bytes(4), struct.pack(">III", 1, samples, 40)),
    )
    media = box(b"mdia", header, box(b"hdlr", bytes(8), kind, bytes(13)), box(b"minf", table))
    return box(b"trak", edits, media)


def movie(tmp_path: Path, *traks: bytes, more: bytes = b"") -> Path:
    path = tmp_path / "movie.mp4"
    header = box(b"mvhd", bytes(12), struct.pack(">II", 600, 0), bytes(80))
    path.write_bytes(box(b"ftyp", b"isom") + box(b"mdat", bytes(99)) + box(b"moov", header, *traks, more))
    return path


def test_tracks_tell_their_lengths(tmp_path: Path) -> None:
    late = box(
        b"edts", box(b"elst", bytes(4), struct.pack(">I", 2), struct.pack(">IiIIiI", 300, -1, 1, 600, 0, 1))
    )

    video, sound, clock = read_tracks(
        movie(
            tmp_path, trak(b"vide", ticks=2500), trak(b"soun", ticks=4000, edits=late), trak(b"tmcd", ticks=1)
        )
    )

    assert (video.kind, video.start_seconds, video.duration_seconds, video.samples) == ("video", 0, 2.5, 50)
    assert (sound.kind, sound.start_seconds, sound.duration_seconds) == ("audio", 0.5, 1)
    assert clock.kind == "other"


def test_fragments_tell_no_length_in_the_index(tmp_path: Path) -> None:
    (track,) = read_tracks(
        movie(tmp_path, trak(b"vide", ticks=0), more=box(b"mvex", box(b"trex", bytes(24))))
    )

    assert track.is_fragmented
    assert track.duration_seconds is track.samples is None


@pytest.mark.parametrize(
    ("aperture", "expected"),
    [
        pytest.param(clap(1920, 800), (1920, 800, 0, 140), id="of-the-middle"),
        pytest.param(clap(1280, 720, left=-320, top=180), (1280, 720, 0, 360), id="of-a-corner"),
        pytest.param(clap(1920, 1080), None, id="of-all"),
        pytest.param(clap(9999, 1), None, id="of-more-than-all"),
        pytest.param(clap(0, 0), None, id="of-nothing"),
        pytest.param(b"", None, id="none"),
    ],
)
def test_m57_clean_aperture_is_a_part_of_the_frame(
    tmp_path: Path, aperture: bytes, expected: tuple[int, ...] | None
) -> None:
    (track,) = read_tracks(movie(tmp_path, trak(b"vide", ticks=1, described=entry(1920, 1080, aperture))))

    crop = track.crop
    assert expected == (None if crop is None else (crop.width, crop.height, crop.left, crop.top))


def test_m12_an_index_of_nonsense_gives_no_tracks_or_some(tmp_path: Path) -> None:
    """None of a thousand is an error."""
    path = movie(tmp_path, trak(b"vide", ticks=2500, described=entry(1920, 1080, clap(1920, 800))))
    whole, chance = path.read_bytes(), random.Random(1)
    for _ in range(1000):
        content = bytearray(whole)
        for _ in range(3):
            content[chance.randrange(len(content))] = chance.randrange(256)
        path.write_bytes(content[: chance.randrange(len(content))] if chance.random() < 0.3 else content)

        assert len(read_tracks(path)) <= 1


def test_m87_index_of_endless_boxes_gives_no_tracks(tmp_path: Path) -> None:
    padding = box(b"free") * 30_000
    track, padded = trak(b"vide", ticks=2500), box(b"trak", padding, trak(b"vide", ticks=2500)[8:])

    assert read_tracks(movie(tmp_path, padding, track)) == []
    assert read_tracks(movie(tmp_path, padded)) == []
    path = movie(tmp_path, track)
    path.write_bytes(padding + path.read_bytes())
    assert read_tracks(path) == []
