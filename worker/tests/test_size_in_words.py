"""Sizes in words, in refusals above all."""

from __future__ import annotations

import pytest

from cattube_worker.assemblies.creation.bounds import FileBounds, check_files
from cattube_worker.assemblies.uploads.received_files import ReceivedFile
from cattube_worker.errors import BadRequest
from cattube_worker.size_in_words import excess_in_words, size_in_words


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [(0, "0 bytes"), (1023, "1023 bytes"), (1536, "1.5 KiB"), (8 * 2**30, "8 GiB"), (3 * 2**50, "3072 TiB")],
)
def test_size_is_said_in_the_largest_unit_it_has(size_bytes: int, words: str) -> None:
    assert size_in_words(size_bytes) == words


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [
        pytest.param(5 * 2**29, "2.5 GiB, where 2 GiB are allowed", id="much-too-large"),
        pytest.param(2**31 + 1, "2,147,483,649 bytes, where 2,147,483,648 bytes are allowed", id="by-a-byte"),
    ],
)
def test_m65_what_is_too_large_is_told_apart_from_what_is_allowed(size_bytes: int, words: str) -> None:
    assert excess_in_words(size_bytes, 2**31) == words


def test_m65_file_that_is_too_large_is_refused_with_both_sizes() -> None:
    file = ReceivedFile(id="a", filename="cat.mp4", fieldname="f", size_bytes=3 * 2**30)
    bounds = FileBounds(max_files=1, max_size_bytes=2**30)

    with pytest.raises(BadRequest, match=r'"cat\.mp4" has 3 GiB, where 1 GiB are allowed\.') as refusal:
        check_files([file], expected_uploads=0, bounds=bounds)

    assert refusal.value.code == "MAX_SIZE_EXCEEDED"
