from __future__ import annotations

import pytest

from cattube_worker.protocol.file_names import url_name


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("cat.mp4", "cat.mp4"),
        ("Grüße vom Meer.mp4", "Grue-vom-Meer.mp4"),
        ("../../etc/passwd", "file.etc-passwd"),
        ("a//../b.mp4", "a-..-b.mp4"),
        (".htaccess", "file.htaccess"),
        ("猫.mp4", "file.mp4"),
        ("", "file"),
        ("..", "file"),
        ("no ending", "no-ending"),
        ("two.dots.tar.gz", "two.dots.tar.gz"),
        ('x"><script>.mp4', "x-script.mp4"),
        ("\x00\r\nSet-Cookie: a.mp4", "Set-Cookie-a.mp4"),
    ],
)
def test_s01_url_name_is_safe_whatever_the_name(name: str, slug: str) -> None:
    assert url_name(name) == slug


def test_s01_url_name_of_a_long_name_is_cut_and_keeps_its_extension() -> None:
    assert url_name("x" * 4096 + ".mp4") == "x" * 100 + ".mp4"
