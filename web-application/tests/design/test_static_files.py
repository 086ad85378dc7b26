import re
from pathlib import Path

import pytest
from django.conf import settings

from cattube.design.static_files import StaticFiles


@pytest.fixture
def collected(tmp_path: Path) -> StaticFiles:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets/site-DJv_5dov.js").write_text("import './typing-CjVKCXt1.js'")
    (tmp_path / "favicon.svg").write_text("<svg/>")
    return StaticFiles(location=str(tmp_path))


def test_module_has_one_name_for_pages_and_for_its_neighbours(collected: StaticFiles) -> None:
    assert collected.url("assets/site-DJv_5dov.js") == "/static/assets/site-DJv_5dov.js"


def test_other_file_is_named_by_its_content(collected: StaticFiles) -> None:
    assert re.fullmatch(r"/static/favicon\.[0-9a-f]{12}\.svg", collected.url("favicon.svg"))


def test_file_that_was_not_collected_keeps_its_plain_name(collected: StaticFiles) -> None:
    assert collected.url("admin/css/base.css") == "/static/admin/css/base.css"


@pytest.mark.parametrize(
    ("url", "forever"),
    [
        ("/static/assets/site-DJv_5dov.js", True),
        ("/static/favicon.543e2ccacdf0.svg", True),
        ("/static/favicon.svg", False),
        ("/static/admin/js/jquery.init.js", False),
    ],
)
def test_only_what_is_named_by_content_is_cached_for_ever(url: str, forever: bool) -> None:
    assert bool(re.search(settings.WHITENOISE_IMMUTABLE_FILE_TEST, url)) is forever
