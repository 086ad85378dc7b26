"""Keys of objects."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cattube_worker.storage.object_keys import LONGEST_KEY_BYTES, is_safe, object_key, with_id


@pytest.mark.parametrize(
    ("path", "key"),
    [
        (":original/abc/cat.mp4", ":original/abc/cat.mp4"),
        ("/a//b/", "a/b"),
        ("a/../../b", "a/_/_/b"),
        ("a/./b", "a/_/b"),
        ("a/ .. /b", "a/_/b"),
        ("a\\..\\b", "a_.._b"),
        ("line\nbreak\0", "line_break_"),
        ("Grüße 猫.mp4", "Grüße 猫.mp4"),
        ("", "file"),
        ("///", "file"),
    ],
)
def test_s01_a_path_becomes_a_key_that_stays_where_it_belongs(path: str, key: str) -> None:
    assert object_key(path) == key


@given(st.text(max_size=3000))
def test_s01_every_key_is_safe_short_and_stable(path: str) -> None:
    key = object_key(path)

    assert is_safe(key)
    assert 0 < len(key.encode()) <= LONGEST_KEY_BYTES
    assert all(part not in {"", ".", ".."} for part in key.split("/"))


def test_s01_a_long_name_keeps_its_ending() -> None:
    key = object_key("a/" + "猫" * 500 + ".mp4")

    assert key.startswith("a/猫")
    assert key.endswith("猫.mp4")


@pytest.mark.parametrize(
    ("key", "marked"), [("a/x.mp4", "a/x-7.mp4"), ("a/x", "a/x-7"), ("x.y.mp4", "x.y-7.mp4"), (".x", ".x-7")]
)
def test_a_second_file_of_a_name_gets_its_id_before_the_ending(key: str, marked: str) -> None:
    assert with_id(key, "7") == marked
