from __future__ import annotations

import time

import pytest

from cattube_worker.errors import BadRequest
from cattube_worker.protocol.params.auth import check_referer, read_auth


def test_referer_must_match_and_a_missing_one_passes() -> None:
    auth = read_auth({"auth": {"key": "k", "referer": "example\\.org"}})

    check_referer(auth, None)
    check_referer(auth, "https://example.org/upload")
    with pytest.raises(BadRequest) as caught:
        check_referer(auth, "https://evil.test/")
    assert (caught.value.code, caught.value.status) == ("REFERER_MISMATCH", 400)


def test_w41_referer_pattern_that_tries_every_path_is_answered_at_once() -> None:
    auth, start = read_auth({"auth": {"key": "k", "referer": "(a*)*b"}}), time.process_time()

    with pytest.raises(BadRequest):
        check_referer(auth, "a" * 2000)
    assert time.process_time() - start < 0.5


def test_referer_pattern_that_cannot_be_run_is_refused_in_words() -> None:
    auth = read_auth({"auth": {"key": "k", "referer": "(?=https)"}})

    with pytest.raises(BadRequest, match="looks ahead or behind") as caught:
        check_referer(auth, "https://example.org/")
    assert caught.value.code == "INVALID_AUTH_REFERER_PARAMETER"
