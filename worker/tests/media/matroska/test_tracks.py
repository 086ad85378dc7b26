"""Tracks as the header of a Matroska file describes them."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import pytest

from cattube_worker.media.matroska.tracks import read_tracks

VIDEO = {0xB0: 720, 0xBA: 576}


def element(number: int, content: bytes, *, is_open: bool = False) -> bytes:
    size = b"\x01" + b"\xff" * 7 if is_open else (len(content) | 1 << 28).to_bytes(4)
    return number.to_bytes((number.bit_length() + 7) // 8) + size + content


def numbers(values: dict[int, int]) -> bytes:
    return b"".join(element(number, value.to_bytes(4)) for number, value in values.items())


def matroska(tmp_path: Path, *, is_open: bool = False, **crop: int) -> Path:
    """A file of a video and a sound."""
    names = {"top": 0x54BB, "bottom": 0x54AA, "left": 0x54CC, "right": 0x54DD, "wide": 0x54B0, "high": 0x54BA}
    video = element(0xE0, numbers(VIDEO | {names[name]: value for name, value in crop.items()}))
    tracks = element(0xAE, numbers({0x83: 1}) + video) + element(0xAE, numbers({0x83: 2}))
    segment = element(0xEC, bytes(20)) + element(0x1654AE6B, tracks) + element(0x1F43B675, bytes(50))
    path = tmp_path / "film.mkv"
    path.write_bytes(element(0x1A45DFA3, b"") + element(0x18538067, segment, is_open=is_open))
    return path


def test_whole_frames_have_no_crop(tmp_path: Path) -> None:
    video, sound = read_tracks(matroska(tmp_path))

    assert (video.kind, video.crop, video.pixel_shape) == ("video", None, None)
    assert sound.kind == "audio"


@pytest.mark.parametrize("is_open", [True, False], ids=["as-it-is-recorded", "finished"])
def test_m57_the_crop_is_a_part_of_the_frame(tmp_path: Path, is_open: bool) -> None:
    video, _ = read_tracks(matroska(tmp_path, is_open=is_open, top=70, bottom=74, left=8, right=8))

    assert video.crop is not None
    assert (video.crop.width, video.crop.height) == (704, 432)
    assert (video.crop.left, video.crop.top) == (8, 70)
    assert video.pixel_shape == 1


def test_m57_the_size_that_is_shown_is_that_of_the_part(tmp_path: Path) -> None:
    video, _ = read_tracks(matroska(tmp_path, top=72, bottom=72, wide=1024, high=432))

    assert video.pixel_shape == Fraction(1024, 720)


def test_m57_a_crop_of_more_than_there_is_counts_for_nothing(tmp_path: Path) -> None:
    video, _ = read_tracks(matroska(tmp_path, top=400, bottom=400))

    assert video.crop is None


def test_m12_a_header_of_nonsense_gives_no_tracks_or_some(tmp_path: Path) -> None:
    """None of a thousand is an error."""
    path = matroska(tmp_path, top=70, bottom=74)
    whole, chance = path.read_bytes(), random.Random(1)
    for _ in range(1000):
        content = bytearray(whole)
        for _ in range(3):
            content[chance.randrange(len(content))] = chance.randrange(256)
        path.write_bytes(content[: chance.randrange(len(content))] if chance.random() < 0.3 else content)

        assert len(read_tracks(path)) <= 256
