"""The sheet of keys: every page has one, with what this page can do, and a button that leads to it."""

from __future__ import annotations

import pytest
from conftest import MakeVideo
from django.test import Client

PLAYER, CARDS = "<dt>Play, pause</dt>", "<dt>From video to video</dt>"
SHEET, BUTTON = '<dialog class="dialog" id="keys"', 'data-dialog="keys"'


@pytest.mark.parametrize(
    ("path", "own"),
    [
        ("/videos/{ready}", PLAYER),
        ("/videos/{unfinished}", PLAYER),
        ("/embed/{ready}", PLAYER),
        ("/embed/{unfinished}", PLAYER),
        ("/", CARDS),
        ("/?q=cat", CARDS),
        ("/channels/alice", CARDS),
        ("/?q=xylophone", None),
        ("/playlists/", None),
        ("/later/", None),
        ("/history/", None),
        ("/nowhere", None),
    ],
)
def test_w165_page_has_its_keys_and_a_way_to_them(
    as_alice: Client, make_video: MakeVideo, path: str, own: str | None
) -> None:
    """W165"""
    ready = make_video(status="ready", visibility="public")
    names = {"ready": ready.pk, "unfinished": make_video(status="processing").pk}
    as_alice.get("/channel/")

    page = as_alice.get(path.format(**names)).content.decode()

    assert page.count(SHEET) == 1
    assert (BUTTON in page) != path.startswith("/embed")
    assert [keys for keys in (PLAYER, CARDS) if keys in page] == ([own] if own else [])


@pytest.mark.parametrize("path", ["/login/", "/signup/"])
def test_w165_door_has_no_keys(client: Client, db: None, path: str) -> None:
    """W165"""
    assert SHEET not in client.get(path).content.decode()
