"""Boxes and their headers."""

from __future__ import annotations

import struct

import pytest

from cattube_worker.media.mp4.boxes import (
    MOST_BOXES,
    MOST_INNER_BOXES,
    Box,
    TooManyBoxes,
    contents,
    read_box,
    walk_boxes,
)


def walk(data: bytes) -> list[Box]:
    return list(walk_boxes(lambda start, count: data[start : start + count], 0, len(data)))


def test_a_box_may_say_its_size_in_64_bits() -> None:
    large = struct.pack(">I4sQ", 1, b"mdat", 2**40)

    box = read_box(large, 8)

    assert box is not None
    assert (box.kind, box.content_start, box.end) == (b"mdat", 24, 2**40 + 8)


def test_boxes_are_found_one_behind_the_other_and_the_last_may_be_cut_off() -> None:
    data = struct.pack(">I4sI", 12, b"ftyp", 0) + struct.pack(">I4s", 99, b"mdat") + b"meow"

    assert walk(data) == [Box(b"ftyp", 0, 12, 8), Box(b"mdat", 12, 99, 8)]


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\0\0\0\x08moo", id="cut-off"),
        pytest.param(struct.pack(">I4s", 7, b"moov"), id="smaller-than-its-header"),
        pytest.param(struct.pack(">I4s", 0, b"mdat"), id="up-to-the-end-of-the-file"),
        pytest.param(struct.pack(">I4sQ", 1, b"mdat", 15), id="64-bits-smaller-than-its-header"),
    ],
)
def test_what_is_no_box_of_a_known_size_ends_the_walk(head: bytes) -> None:
    assert walk(head) == []


def test_m87_walk_over_endless_boxes_ends_after_so_many() -> None:
    """Sixteen megabytes of empty boxes are two millions."""
    data, reads = struct.pack(">I4s", 8, b"free") * 2**21, 0

    def read(start: int, count: int) -> bytes:
        nonlocal reads
        reads += 1
        return data[start : start + count]

    with pytest.raises(TooManyBoxes):
        list(walk_boxes(read, 0, len(data)))
    assert reads == MOST_BOXES


def test_m87_as_many_boxes_as_may_be_are_walked_to_the_end() -> None:
    free = struct.pack(">I4s", 8, b"free")

    assert len(walk(free * MOST_BOXES)) == MOST_BOXES
    assert len(list(contents(free * MOST_INNER_BOXES))) == MOST_INNER_BOXES


def test_m87_box_of_an_index_which_is_walked_often_has_fewer() -> None:
    with pytest.raises(TooManyBoxes):
        list(contents(struct.pack(">I4s", 8, b"free") * (MOST_INNER_BOXES + 1)))
