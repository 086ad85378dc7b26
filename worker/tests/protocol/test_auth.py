from __future__ import annotations

import pytest

from cattube_worker.errors import BadRequest
from cattube_worker.protocol.auth import check_referer, read_auth


def test_referer_must_match_and_a_missing_one_passes() -> None:
    auth = read_auth({"auth": {"key": "k", "referer": "example\\.org"}})

    check_referer(auth, None)
    check_referer(auth, "https://example.org/upload")
    with pytest.raises(BadRequest) as caught:
        check_referer(auth, "https://evil.test/")
    assert (caught.value.code, caught.value.status) == ("REFERER_MISMATCH", 400)
