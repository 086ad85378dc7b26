"""Store in a folder: copies, full disks, links out of it; and stores by name."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from cattube_worker.storage import (
    ObjectAttributes,
    StoreError,
    Stores,
    UnknownCredentials,
    UnsafeKey,
    UnsupportedAttribute,
)
from cattube_worker.storage.local import LocalStore


@pytest.fixture
def store(local_store: LocalStore) -> LocalStore:
    return local_store


def test_a_file_of_another_disk_is_copied_whole(
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


@pytest.mark.parametrize("key", ["", "/etc/passwd", "../x", "a/../../x", "a\\..\\b", "a\0b"])
def test_s04_a_key_that_leads_astray_has_no_place(store: LocalStore, key: str) -> None:
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


@pytest.mark.parametrize(
    "attributes", [{"acl": "public-read"}, {"tags": {"kind": "cat"}}], ids=["public", "tags"]
)
def test_a_folder_refuses_attributes_it_does_not_support(
    store: LocalStore, source: Path, attributes: dict[str, Any]
) -> None:
    with pytest.raises(UnsupportedAttribute):
        store.put("cat.txt", source, attributes=ObjectAttributes(**attributes))

    assert not store.exists("cat.txt")
