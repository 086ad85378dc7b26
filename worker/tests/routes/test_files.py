"""Signed addresses of bytes."""

from __future__ import annotations

import pytest

from ..conftest import STORE_ORIGINAL, House


def stored_url(house: House, body: bytes = b"meow", **pairs: str) -> str:
    assembly = house.assembly(steps=STORE_ORIGINAL)
    house.upload(assembly, body, **pairs)
    house.work()
    return str(house.status(assembly)["results"][":original"][0]["url"])


def test_part_of_a_file_can_be_asked_for(house: House) -> None:
    """S05"""
    response = house.get(stored_url(house), Range="bytes=1-2")

    assert (response.status_code, response.data) == (206, b"eo")
    assert response.headers["Content-Range"] == "bytes 1-2/4"


@pytest.mark.parametrize("asked", ["bytes=9-", "bytes=3-1"])
def test_part_beyond_the_end_is_refused(house: House, asked: str) -> None:
    """S05"""
    assert house.client.get(stored_url(house), headers={"Range": asked}).status_code == 416


def test_text_is_downloaded_never_shown(house: House) -> None:
    """M07, D02"""
    response = house.get(stored_url(house, b"<script>", filename="cat.html"))

    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]


def test_link_ends_after_a_day(house: House) -> None:
    """S03"""
    url = stored_url(house)
    house.clock.advance(26 * 3600)

    response = house.client.get(url)

    assert (response.status_code, response.get_json()["error"]) == (403, "SERVER_403")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("signature=", "signature=0"),
        ("expires=", "expires=9"),
        ("cat", "dog"),
        ("%3Aoriginal/", "%3Aoriginal/../%3Aoriginal/"),
        ("/files/", "/files/..%2f..%2f"),
        ("?", "?x="),
    ],
)
def test_changed_link_opens_nothing(house: House, old: str, new: str) -> None:
    """S03, S04, S06"""
    assert house.client.get(stored_url(house).replace(old, new, 1)).status_code in (403, 404)


def test_results_that_were_not_stored_are_here_for_a_day(house: House) -> None:
    assembly = house.assembly()
    house.upload(assembly, b"meow")
    house.work()

    upload = house.status(assembly)["uploads"][0]

    assert upload["is_temp_url"] is True
    assert house.get(upload["url"]).data == b"meow"
