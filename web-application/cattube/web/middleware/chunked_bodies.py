"""Bodies whose length is not told beforehand, where the server does not hold them until they are whole."""

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class ChunkedBodies:
    """WSGI application that measures them. Django takes a body without Content-Length for an empty one.

    most_bytes: that many, and one more, are read; Django refuses what is longer than it allows.
    """

    def __init__(self, application: "WSGIApplication", *, most_bytes: int) -> None:
        self._application = application
        self._most_bytes = most_bytes

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ.get("HTTP_TRANSFER_ENCODING") and not environ.get("CONTENT_LENGTH"):
            body = environ["wsgi.input"].read(self._most_bytes + 1)
            environ["CONTENT_LENGTH"], environ["wsgi.input"] = str(len(body)), BytesIO(body)
        return self._application(environ, start_response)
