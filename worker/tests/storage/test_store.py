"""Promise of a store, in a folder and in a bucket of a real server."""

from __future__ import annotations

from pathlib import Path

import pytest

from cattube_worker.disk_room import DiskRoom
from cattube_worker.errors import DiskFull
from cattube_worker.storage import KeyTaken, ObjectAttributes, ObjectMissing, Store, UnsafeKey
from cattube_worker.storage.errors import ObjectTooLarge
from cattube_worker.storage.s3.transfer_config import MIB

from ..small_disk import use_small_disk


@pytest.mark.parametrize("key", ["step/id/cat.mp4", ":original/x/Grüße 猫 +&?#.mp4", "cat"])
def test_an_object_that_was_put_can_be_fetched(store: Store, source: Path, tmp_path: Path, key: str) -> None:
    store.put(key, source, content_type="video/mp4")

    store.fetch(key, tmp_path / "back")

    assert (tmp_path / "back").read_bytes() == b"bytes"
    assert store.exists(key)


def test_a_large_object_comes_back_as_it_was(store: Store, large: Path, tmp_path: Path) -> None:
    store.put("a/large", large)

    store.fetch("a/large", tmp_path / "back")

    assert (tmp_path / "back").read_bytes() == large.read_bytes()


def test_t20_an_empty_object_is_an_object(store: Store, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()

    store.put("a/empty", tmp_path / "empty")
    store.fetch("a/empty", tmp_path / "back")

    assert (tmp_path / "back").read_bytes() == b""


def test_putting_the_same_again_does_no_harm(store: Store, source: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.write_bytes(b"bytes")

    store.put("a/b", source)
    store.put("a/b", source)
    store.put("a/b", copy)
    store.fetch("a/b", tmp_path / "back")

    assert (tmp_path / "back").read_bytes() == b"bytes"


@pytest.mark.parametrize("first", ["source", "large"])
def test_s02_an_object_is_never_overwritten(
    store: Store, tmp_path: Path, first: str, request: pytest.FixtureRequest
) -> None:
    original: Path = request.getfixturevalue(first)
    other = tmp_path / "other"
    other.write_bytes(b"other" * (1 if first == "source" else 2**21))
    store.put("x.mp4", original)

    with pytest.raises(KeyTaken, match=r'"x\.mp4"'):
        store.put("x.mp4", other)
    store.fetch("x.mp4", tmp_path / "back")

    assert (tmp_path / "back").read_bytes() == original.read_bytes()


def test_an_object_outlives_the_file_it_was_made_of(store: Store, source: Path, tmp_path: Path) -> None:
    store.put("a/b", source)
    source.unlink()

    store.fetch("a/b", tmp_path / "back")

    assert (tmp_path / "back").read_bytes() == b"bytes"


def test_s09_a_deleted_object_is_gone_and_deleting_it_twice_is_fine(
    store: Store, source: Path, tmp_path: Path
) -> None:
    store.put("a/b/c", source)
    store.put("a/b/cd", source)

    store.delete("a/b/c")
    store.delete("a/b/c")

    assert not store.exists("a/b/c")
    assert store.exists("a/b/cd")
    with pytest.raises(ObjectMissing):
        store.fetch("a/b/c", tmp_path / "back")


def test_an_object_that_is_not_there_is_missing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ObjectMissing, match='"a/b"'):
        store.fetch("a/b", tmp_path / "back")

    assert not store.exists("a/b")
    assert not (tmp_path / "back").exists()


def test_a_folder_lists_its_objects_and_recursively_those_below(store: Store, source: Path) -> None:
    for key in ("a/1", "a/b/2", "ab/3", "4"):
        store.put(key, source)

    assert sorted(store.keys("a", recursive=False)) == ["a/1"]
    assert sorted(store.keys("a", recursive=True)) == ["a/1", "a/b/2"]
    assert sorted(store.keys("", recursive=False)) == ["4"]
    assert sorted(store.keys("", recursive=True)) == ["4", "a/1", "a/b/2", "ab/3"]
    assert list(store.keys("nothing/here", recursive=True)) == []


def test_attributes_of_a_private_object_are_accepted(store: Store, source: Path) -> None:
    attributes = ObjectAttributes(cache_control="no-store", acl="private", metadata={"cat": "tom"})

    store.put("a/b", source, content_type="video/mp4", attributes=attributes)

    assert store.exists("a/b")


@pytest.mark.parametrize(
    "key",
    [
        *("", "/etc/passwd", "../x", "a/../../x", "a//b", "a/./b", "a/", "a\\..\\b", "a\0b", "a\nb"),
        *("x" * 2000, "a/" + "y" * 300, "a/%2e%2e/..", "a/ .. /b"),
    ],
)
def test_s01_s04_t14_a_key_that_leads_astray_is_refused(
    store: Store, source: Path, tmp_path: Path, key: str
) -> None:
    with pytest.raises(UnsafeKey):
        store.put(key, source)
    with pytest.raises(UnsafeKey):
        store.fetch(key, tmp_path / "back")
    with pytest.raises(UnsafeKey):
        store.delete(key)


def test_m38_object_that_there_is_no_room_for_is_not_fetched(
    store: Store, large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put("a/large", large)
    (tmp_path / "data").mkdir()
    use_small_disk(monkeypatch, tmp_path / "data", size_bytes=12 * MIB)
    room = DiskRoom([tmp_path / "data"], reserve_bytes=0)

    with pytest.raises(DiskFull, match="it needs 12 MiB, and there is room for 12 MiB"):
        store.fetch("a/large", tmp_path / "data" / "back", room=room)

    assert list((tmp_path / "data").iterdir()) == []


def test_f107_size_of_an_object_is_checked_before_there_is_asked_for_room(
    store: Store, large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F107: what no host may have room for must not look like a full disk."""
    store.put("a/large", large)
    use_small_disk(monkeypatch, tmp_path, size_bytes=MIB)

    with pytest.raises(ObjectTooLarge, match="12 MiB, where 11 MiB are allowed"):
        store.fetch(
            "a/large", tmp_path / "back", room=DiskRoom([tmp_path], reserve_bytes=0), max_bytes=11 * MIB
        )


@pytest.mark.s3
def test_m38_object_on_its_way_stops_at_the_reserve(
    s3_store: Store, large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3_store.put("a/large", large)
    room = DiskRoom([tmp_path], reserve_bytes=0)
    monkeypatch.setattr(room, "check", lambda _size_bytes=0: None)
    monkeypatch.setattr(room, "note_written", no_room)

    with pytest.raises(DiskFull):
        s3_store.fetch("a/large", tmp_path / "back", room=room)


def no_room(_size_bytes: int) -> None:
    raise DiskFull("The disk is full.")
