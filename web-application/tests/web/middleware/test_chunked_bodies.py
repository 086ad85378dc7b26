"""Bodies of untold length, as a server passes them on that does not hold them."""

from io import BytesIO
from typing import Any

from cattube.web.middleware.chunked_bodies import ChunkedBodies


def received(environ: dict[str, Any]) -> tuple[str, bytes]:
    """Length and bytes of the body that the application gets."""
    seen: list[tuple[str, bytes]] = []

    def application(environ: dict[str, Any], _start_response: Any) -> list[bytes]:
        seen.append((environ.get("CONTENT_LENGTH", ""), environ["wsgi.input"].read()))
        return []

    ChunkedBodies(application, most_bytes=10)(environ, lambda *_: lambda _: None)
    return seen[0]


def test_w94_body_of_untold_length_is_measured() -> None:
    environ = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": BytesIO(b"meow")}

    assert received(environ) == ("4", b"meow")


def test_w94_body_that_is_too_long_is_read_no_further_than_to_see_that() -> None:
    environ = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": BytesIO(b"m" * 100)}

    assert received(environ) == ("11", b"m" * 11)


def test_body_whose_length_is_told_passes_as_it_comes() -> None:
    environ = {"CONTENT_LENGTH": "4", "wsgi.input": BytesIO(b"meow")}

    assert received(environ) == ("4", b"meow")
