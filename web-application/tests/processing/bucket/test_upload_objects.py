"""Key and parts of the object that a file becomes."""

from __future__ import annotations

import pytest
from processing.bucket.upload_steps import PART_BYTES

from cattube.processing.bucket.upload_objects import MIB, new_object_key, part_bytes_for
from cattube.storage.object_keys import is_safe, new_folder
from cattube.videos.models import Video

FOLDER = new_folder()


class TestUploadObjects:
    @pytest.mark.parametrize(
        ("filename", "ending"),
        [
            ("Cat on a roof.MP4", "/Cat-on-a-roof.mp4"),
            ("../../etc/passwd", "/passwd"),
            ("..\\..\\boot.ini", "/boot.ini"),
            ("", "/video"),
            ("…/\u202egnp.exe\r\nX: y", "/gnp.exexy"),
            ("Кот.webm", "/video.webm"),
            ("${assembly.id}.mp4", "/assembly-id.mp4"),
            ("a" * 300 + ".mov", f"/{'a' * 80}.mov"),
        ],
    )
    def test_s01_key_keeps_only_what_is_harmless_of_a_name(self, filename: str, ending: str) -> None:
        key = new_object_key(filename, folder=FOLDER)

        assert is_safe(key)
        assert key == f":original/{FOLDER}{ending}"

    def test_s02_same_name_twice_makes_two_keys(self) -> None:
        first, second = (new_object_key("cat.mp4", folder=Video().folder) for _ in range(2))

        assert first != second

    @pytest.mark.parametrize("size", [1, PART_BYTES, 8 * 2**30, 4 * 2**40])
    def test_file_has_at_most_a_thousand_parts_that_the_bucket_takes(self, size: int) -> None:
        part_bytes = part_bytes_for(size)

        assert 5 * MIB <= part_bytes <= 5 * 2**30
        assert -(-size // part_bytes) <= 1000
