"""What every store promises; the local folder is the first to keep it."""

from __future__ import annotations

import errno
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cattube_worker.stores import (
    KeyTaken,
    ObjectAttributes,
    ObjectMissing,
    StoreError,
    Stores,
    UnknownCredentials,
    UnsafeKey,
    UnsupportedAttribute,
)
from cattube_worker.stores.local import LocalStore


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "bucket", lambda key, lasts: f"/files/{key}?for={lasts.seconds}")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    path.write_bytes(b"bytes")
    return path


def test_what_was_put_can_be_fetched(store: LocalStore, source: Path, tmp_path: Path) -> None:
    store.put("step/id/cat.mp4", source, content_type="video/mp4")

    store.fetch("step/id/cat.mp4", tmp_path / "back")

    assert (tmp_path / "back").read_bytes() == b"bytes"
    assert store.exists("step/id/cat.mp4")
    assert store.url("step/id/cat.mp4", expires_in=timedelta(minutes=1)) == "/files/step/id/cat.mp4?for=60"


def test_putting_the_same_again_does_no_harm(store: LocalStore, source: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.write_bytes(b"bytes")

    store.put("a/b", source)
    store.put("a/b", source)
    store.put("a/b", copy)

    assert store.path_of("a/b").read_bytes() == b"bytes"


def test_s02_an_object_is_never_overwritten(store: LocalStore, source: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"other")
    store.put("a/b", source)

    with pytest.raises(KeyTaken, match='"a/b"'):
        store.put("a/b", other)

    assert store.path_of("a/b").read_bytes() == b"bytes"


def test_an_object_outlives_the_file_it_was_made_of(store: LocalStore, source: Path) -> None:
    store.put("a/b", source)

    source.unlink()

    assert store.path_of("a/b").read_bytes() == b"bytes"


def test_where_links_do_not_reach_the_bytes_are_copied_whole(
    store: LocalStore, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)

    store.put("a/b", source)
    store.put("a/b", source)

    assert store.path_of("a/b").read_bytes() == b"bytes"
    assert [path.name for path in store.path_of("a/b").parent.iterdir()] == ["b"]


def test_deleting_leaves_neither_object_nor_empty_folders(store: LocalStore, source: Path) -> None:
    store.put("a/b/c", source)
    store.put("a/d", source)

    store.delete("a/b/c")
    store.delete("a/b/c")

    assert not store.exists("a/b/c")
    assert not store.path_of("a/b/c").parent.exists()
    assert store.exists("a/d")


def test_an_object_that_is_not_there_is_missing(store: LocalStore, tmp_path: Path) -> None:
    with pytest.raises(ObjectMissing):
        store.fetch("a/b", tmp_path / "back")


def test_f15_a_full_disk_is_an_error_that_may_pass(
    store: LocalStore, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(os, "fsync", refuse)

    with pytest.raises(StoreError, match="No space left") as caught:
        store.put("a/b", source)

    assert caught.value.retryable
    assert list(store.path_of("a/b").parent.iterdir()) == []


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/etc/passwd",
        "../x",
        "a/../../x",
        "a//b",
        "a/./b",
        "a/",
        "a\\..\\b",
        "a\0b",
        "x" * 2000,
        "a/" + "y" * 300,
    ],
)
def test_s04_a_key_that_leads_astray_is_refused(store: LocalStore, source: Path, key: str) -> None:
    with pytest.raises(UnsafeKey):
        store.put(key, source)
    with pytest.raises(UnsafeKey):
        store.path_of(key)


def test_s06_a_link_out_of_the_store_is_not_followed(store: LocalStore, source: Path, tmp_path: Path) -> None:
    store.put("a/b", source)
    (tmp_path / "bucket" / "out").symlink_to(tmp_path)

    with pytest.raises(UnsafeKey):
        store.path_of("out/source")


def test_stores_are_found_by_the_name_of_their_credentials(store: LocalStore) -> None:
    stores = Stores({"cattube": store})

    assert stores.get("cattube") is store
    for name in ("other", None):
        with pytest.raises(UnknownCredentials) as caught:
            stores.get(name)
        assert caught.value.code == "TEMPLATE_CREDENTIALS_INJECTION_ERROR"


@pytest.mark.parametrize("asked", [{"acl": "public-read"}, {"tags": {"kind": "cat"}}], ids=["public", "tags"])
def test_a_folder_refuses_what_it_could_not_keep(
    store: LocalStore, source: Path, asked: dict[str, Any]
) -> None:
    with pytest.raises(UnsupportedAttribute):
        store.put("cat.txt", source, attributes=ObjectAttributes(**asked))

    assert not store.exists("cat.txt")
