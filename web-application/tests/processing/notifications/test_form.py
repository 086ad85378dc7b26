"""Forms of notifications, read as Python reads them, but sooner."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import pytest

from cattube.processing.notifications.form import form_fields


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param('{"title": "100 % cat & dog = fun + more"}', id="all-that-is-escaped"),
        pytest.param("%22 %2522 %25 %41 %e2 %zz %", id="what-looks-escaped"),
        pytest.param("Kätzchen 猫 🐈\n\t\x00", id="other-scripts"),
        pytest.param("".join(map(chr, range(256))), id="all-characters"),
    ],
)
def test_field_is_the_text_that_was_sent(text: str) -> None:
    body = urlencode({"transloadit": text, "signature": "sha384:00"}).encode()

    assert dict(form_fields(body)) == {"transloadit": text, "signature": "sha384:00"}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"signature=2&transloadit=1", id="other-order"),
        pytest.param(b"transloadit=1&signature=2&signature=3", id="twice"),
        pytest.param(b"transloadit=%7b%7d&signature=%41", id="small-letters"),
        pytest.param(b"transloadit=\xc3\xa4&signature=*", id="not-escaped"),
        pytest.param(b"transloadit=%ff&signature=", id="no-text"),
        pytest.param(b"meow", id="no-form"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_form_of_anybody_else_is_read_as_well(body: bytes) -> None:
    expected = dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))

    assert dict(form_fields(body)) == expected
