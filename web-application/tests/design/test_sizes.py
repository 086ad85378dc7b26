"""Sizes read as on the upload page."""

import pytest

from cattube.design.sizes import size, size_of


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (340_400, "340 kB"),
        (1_000_000, "1 MB"),
        (1_240_000_000, "1.2 GB"),
        (20_000_000_000, "20 GB"),
        (120_400_000_000, "120 GB"),
        (10**16, "10000 TB"),
    ],
)
def test_size_is_told_in_one_unit(size_bytes: int, words: str) -> None:
    assert size(size_bytes) == words


def test_part_is_told_in_the_unit_of_the_whole() -> None:
    assert size_of(9_200_000_000, 10_000_000_000) == "9.2 of 10 GB"
    assert size_of(0, 10_000_000_000) == "0 of 10 GB"
