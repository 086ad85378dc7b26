"""The size of a picture by its header."""

from __future__ import annotations

from pathlib import Path

import pytest

from cattube_worker.media.geometry import Size
from cattube_worker.media.inspect.stills.image_size import picture_size

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\3\0\0\0\2"


def test_a_png_has_the_size_in_its_header(tmp_path: Path) -> None:
    (tmp_path / "cat.png").write_bytes(PNG)

    assert picture_size(tmp_path / "cat.png") == Size(3, 2)


@pytest.mark.parametrize("length", range(8, len(PNG)))
def test_m40_a_png_cut_off_within_its_header_has_no_size(tmp_path: Path, length: int) -> None:
    (tmp_path / "cat.png").write_bytes(PNG[:length])

    assert picture_size(tmp_path / "cat.png") is None


def test_m86_jpeg_of_nothing_but_empty_segments_is_soon_given_up(tmp_path: Path) -> None:
    """A file of some gigabytes would keep the only thread that describes files for many minutes."""
    start, empty = b"\xff\xd8", b"\xff\xe0\0\2"
    frame = b"\xff\xc0\0\x0b\x08\0\2\0\3\1\1\x11\0"
    (tmp_path / "cat.jpg").write_bytes(start + empty * 5_000 + frame)
    (tmp_path / "endless.jpg").write_bytes(start + empty * 50_000 + frame)

    assert picture_size(tmp_path / "cat.jpg") == Size(3, 2)
    assert picture_size(tmp_path / "endless.jpg") is None
