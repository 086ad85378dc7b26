"""Digests computed while bytes arrive: in the end each is that of the file, whatever happened in between."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from cattube_worker.tus import digests as module
from cattube_worker.tus.digests import BLOCK_BYTES, Digests

UPLOAD = "an-upload"


@pytest.fixture(autouse=True)
def _all_are_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SETTLING_SECONDS", -1.0)
    monkeypatch.setattr(module, "FAST_BYTES_PER_SECOND", float("inf"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / UPLOAD
    path.touch()
    return path


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Sizes of the blocks that were read."""
    counts: list[int] = []
    original = module._Digest.read_block

    def read_block(self: module._Digest, end: int) -> bool:
        before = self.position
        more = original(self, end)
        counts.append(self.position - before)
        return more

    monkeypatch.setattr(module._Digest, "read_block", read_block)
    return counts


def append(path: Path, block: bytes) -> None:
    with path.open("ab") as file:
        file.write(block)


def md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


def test_bytes_that_came_slowly_are_not_read_again_at_the_end(path: Path, read: list[int]) -> None:
    digests, whole = Digests(), os.urandom(3 * BLOCK_BYTES + 7)
    with digests.following(UPLOAD, path, offset=0):
        append(path, whole[:-5])
        digests.read_on()
        append(path, whole[-5:])
    read.clear()

    assert digests.take(UPLOAD, path) == md5(path)
    assert sum(read) == 5


def test_bytes_that_come_fast_are_read_at_the_end(
    path: Path, read: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FAST_BYTES_PER_SECOND", 0.0)
    digests = Digests()

    with digests.following(UPLOAD, path, offset=0):
        append(path, b"fast")
        digests.read_on()

    assert sum(read) == 0
    assert digests.take(UPLOAD, path) == md5(path)


def test_several_uploads_that_are_fast_together_are_read_at_their_end(
    path: Path, read: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FAST_BYTES_PER_SECOND", 150.0)
    now, other = 0.0, path.with_name("other")
    digests = Digests(now=lambda: now)

    with (
        digests.following(UPLOAD, path, offset=0),
        digests.following("other", other, offset=0),
    ):
        append(path, bytes(100))
        append(other, bytes(100))
        now = 1.0
        digests.read_on()
        read_while_fast = sum(read)
        now = 2.0
        digests.read_on()

    assert read_while_fast == 0
    assert sum(read) == 200


def test_settled_bytes_are_read_between_two_requests(path: Path, read: list[int]) -> None:
    digests = Digests()
    for offset, block in ((0, b"first"), (5, b"second")):
        with digests.following(UPLOAD, path, offset=offset):
            append(path, block)
        digests.read_on()
    read.clear()

    assert digests.take(UPLOAD, path) == md5(path)
    assert sum(read) == 0


def test_bytes_that_a_wrong_checksum_removes_do_not_count(path: Path) -> None:
    digests = Digests()
    with digests.following(UPLOAD, path, offset=0):
        append(path, b"right")
    with digests.following(UPLOAD, path, offset=5):
        append(path, b"wrong")
        digests.read_on()
        os.truncate(path, 5)
    with digests.following(UPLOAD, path, offset=5):
        append(path, b"again")
        digests.read_on()

    assert digests.take(UPLOAD, path) == md5(path)


def test_an_upload_that_another_process_continued_is_read_from_its_beginning(path: Path) -> None:
    digests = Digests()
    with digests.following(UPLOAD, path, offset=0):
        append(path, b"ours")
        digests.read_on()
    append(path, b"theirs")
    with digests.following(UPLOAD, path, offset=10):
        append(path, b"ours again")
        digests.read_on()

    assert digests.take(UPLOAD, path) == md5(path)


def test_an_upload_without_a_digest_is_read_whole(path: Path) -> None:
    append(path, os.urandom(BLOCK_BYTES + 1))

    assert Digests().take(UPLOAD, path) == md5(path)


def test_digests_are_taken_once_and_dropped_with_their_files(path: Path) -> None:
    digests, other = Digests(), path.with_name("other")
    with digests.following(UPLOAD, path, offset=0):
        append(path, b"old")
    digests.take(UPLOAD, path)
    path.write_bytes(b"new")
    with digests.following("gone", other, offset=0):
        other.write_bytes(b"gone before its end")
        other.unlink()
    digests.read_on()

    assert digests.take(UPLOAD, path) == md5(path)
    with pytest.raises(FileNotFoundError):
        digests.take("gone", other)
