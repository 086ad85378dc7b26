"""URLs that the account signs, as the contract has them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from cattube_worker.protocol.signed_urls import SignedUrls

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[3] / "contract" / "signed_urls.json").read_text()
)
PATH, NOW, LATER = "/streams/a/0.m4s", 1_800_000_000, 1_800_000_900_000


def urls(*, secret: str = "secret", key: str = "key", now: float = NOW) -> SignedUrls:
    return SignedUrls(key, secret, clock=lambda: now)


def arguments_of(url: str) -> dict[str, str]:
    return dict(parse_qsl(url.partition("?")[2]))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_url_of_the_contract_is_signed_and_taken(vector: dict[str, Any]) -> None:
    account = urls(key=vector["key"], secret=vector["secret"], now=vector["expires_ms"] / 1000 - 1)

    assert account.signed_until(vector["path"], vector["expires_ms"]) == vector["url"]
    assert account.allows(vector["path"], arguments_of(vector["url"]))


def test_w58_permission_ends_and_whoever_polls_gets_the_same_for_an_hour() -> None:
    first, last = (urls(now=NOW - NOW % 3600 + second).signed(PATH) for second in (0, 3599))

    lives = [urls(now=NOW - NOW % 3600 + hours * 3600).allows(PATH, arguments_of(first)) for hours in (1, 2)]

    assert first == last
    assert lives == [True, False]


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        pytest.param("/streams/a/1.m4s", {}, id="another-file"),
        pytest.param("/streams/a", {}, id="folder"),
        pytest.param(PATH, {"exp": str(LATER + 1)}, id="later"),
        pytest.param(PATH, {"exp": ""}, id="for-ever"),
        pytest.param(PATH, {"exp": "9" * 400}, id="huge"),
        pytest.param(PATH, {"exp": "-1"}, id="negative"),
        pytest.param(PATH, {"exp": "\u0661"}, id="other-digits"),
        pytest.param(PATH, {"sig": ""}, id="unsigned"),
        pytest.param(PATH, {"sig": "sha256:\udcff"}, id="no-text"),
    ],
)
def test_w58_changed_permission_opens_nothing(path: str, changes: dict[str, str]) -> None:
    arguments = arguments_of(urls().signed_until(PATH, LATER)) | changes

    assert not urls().allows(path, arguments)


@pytest.mark.parametrize("account", [urls(secret="another"), urls(key="another")], ids=["secret", "key"])
def test_w58_permission_of_another_account_opens_nothing(account: SignedUrls) -> None:
    assert not urls().allows(PATH, arguments_of(account.signed_until(PATH, LATER)))
