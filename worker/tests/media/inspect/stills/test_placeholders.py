"""Placeholders of pictures, read by the definitions of their formats."""

from __future__ import annotations

import base64

import pytest

from cattube_worker.media.geometry import Size
from cattube_worker.media.inspect.stills.placeholders import Pixels, blurhash, dominant_colors, thumbhash

CLEAR, RED, BLUE = bytes(4), b"\xff\0\0\xff", b"\0\0\xff\xff"


def test_a_blurhash_begins_with_its_shape_and_average() -> None:
    text = blurhash(Pixels(Size(8, 8), RED * 64))

    # 28 characters for 4 x 3 waves; "L" is how many there are, "TI:j" is red.
    assert (len(text), text[0], text[2:6]) == (28, "L", "TI:j")


def test_a_blurhash_depends_on_where_the_colours_are() -> None:
    left = blurhash(Pixels(Size(8, 8), (RED * 4 + BLUE * 4) * 8))
    right = blurhash(Pixels(Size(8, 8), (BLUE * 4 + RED * 4) * 8))

    assert left != right
    assert left[2:6] == right[2:6]


@pytest.mark.parametrize(("size", "is_wide"), [(Size(8, 4), True), (Size(4, 8), False)])
def test_a_thumbhash_has_its_orientation_and_transparency(size: Size, is_wide: bool) -> None:
    whole = base64.b64decode(thumbhash(Pixels(size, RED * 32)))
    holed = base64.b64decode(thumbhash(Pixels(size, RED * 31 + CLEAR)))

    assert bool(whole[4] & 0x80) is is_wide
    assert (bool(whole[2] & 0x80), bool(holed[2] & 0x80)) == (False, True)


def test_the_most_frequent_colours_come_first_and_transparent_pixels_do_not_count() -> None:
    pixels = Pixels(Size(4, 4), CLEAR * 8 + BLUE * 5 + RED * 3)

    assert dominant_colors(pixels) == ["#0000ff", "#ff0000"]
    assert dominant_colors(pixels, most=1) == ["#0000ff"]
    assert dominant_colors(Pixels(Size(1, 1), CLEAR)) == []
