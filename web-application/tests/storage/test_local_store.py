from pathlib import Path

import pytest

from cattube.storage.local_store import LocalStore
from cattube.storage.objects import ObjectMissing

KEY = "watermarked/0123/cat.mp4"


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    (tmp_path / "bucket/watermarked/0123").mkdir(parents=True)
    (tmp_path / "bucket" / KEY).write_bytes(b"meow")
    (tmp_path / "secret").write_text("canary")
    return LocalStore(tmp_path / "bucket")


def test_object_is_read_by_its_key(store: LocalStore) -> None:
    with store.open(KEY) as file:
        assert file.read() == b"meow"


def test_deleted_object_leaves_no_folder_of_its_own(store: LocalStore, tmp_path: Path) -> None:
    store.delete(KEY)
    store.delete(KEY)

    assert not (tmp_path / "bucket/watermarked/0123").exists()


def test_deleting_one_object_leaves_its_neighbour(store: LocalStore, tmp_path: Path) -> None:
    neighbour = tmp_path / "bucket/watermarked/0123/cat_1.mp4"
    neighbour.write_bytes(b"purr")

    store.delete(KEY)

    assert neighbour.read_bytes() == b"purr"


@pytest.mark.parametrize(
    "key", ["../secret", "watermarked/0123/../../../secret", "watermarked/0123", "/etc/passwd"]
)
def test_key_that_leads_elsewhere_is_missing_s01(store: LocalStore, key: str) -> None:
    with pytest.raises(ObjectMissing):
        store.open(key)


def test_link_in_the_bucket_is_not_followed_s06(store: LocalStore, tmp_path: Path) -> None:
    (tmp_path / "bucket/watermarked/0123/link.mp4").symlink_to(tmp_path / "secret")

    with pytest.raises(ObjectMissing):
        store.open("watermarked/0123/link.mp4")


def test_folder_is_not_an_object(store: LocalStore, tmp_path: Path) -> None:
    (tmp_path / "bucket/a/b/c").mkdir(parents=True)

    with pytest.raises(ObjectMissing):
        store.open("a/b/c")
