"""Private names of other libraries that the engine leans on: an upgrade that drops one fails here by name.

docs/decisions.md lists each with its reason. That each still does what is needed is tested where it is used.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from botocore.awsrequest import AWSHTTPConnection, AWSHTTPSConnection
from botocore.exceptions import HTTPClientError
from botocore.httpsession import URLLib3Session
from celery.worker import state
from celery.worker.consumer import Consumer
from gunicorn.http.body import Body, LengthReader  # type: ignore[import-untyped]
from gunicorn.http.unreader import Unreader  # type: ignore[import-untyped]


def gunicorn_body() -> Body:
    return Body(LengthReader(Unreader(), 4))


@pytest.mark.parametrize(
    "read",
    [
        pytest.param(lambda: gunicorn_body().reader, id="gunicorn Body.reader"),
        pytest.param(lambda: gunicorn_body().buf.getvalue(), id="gunicorn Body.buf"),
        pytest.param(lambda: gunicorn_body().failed, id="gunicorn Body.failed"),
        pytest.param(lambda: gunicorn_body().reader.length, id="gunicorn LengthReader.length"),
        pytest.param(lambda: gunicorn_body().reader.unreader, id="gunicorn LengthReader.unreader"),
        pytest.param(lambda: Unreader().take_buffered(), id="gunicorn Unreader.take_buffered"),
        pytest.param(lambda: Unreader().unread(b"meow"), id="gunicorn Unreader.unread"),
        pytest.param(
            lambda: URLLib3Session()._manager.pool_classes_by_scheme, id="botocore URLLib3Session._manager"
        ),
        pytest.param(
            lambda: HTTPClientError(error=OSError()).kwargs["error"], id="botocore kwargs of errors"
        ),
        pytest.param(lambda: Consumer.Blueprint.default_steps, id="celery Blueprint.default_steps"),
        pytest.param(lambda: Consumer.call_soon, id="celery Consumer.call_soon"),
        pytest.param(lambda: state.requests, id="celery state.requests"),
        pytest.param(lambda: state.reserved_requests, id="celery state.reserved_requests"),
        pytest.param(lambda: AWSHTTPConnection._new_conn, id="urllib3 HTTPConnection._new_conn"),
        pytest.param(lambda: AWSHTTPSConnection._new_conn, id="urllib3 HTTPSConnection._new_conn"),
    ],
)
def test_private_name_is_still_there(read: Callable[[], object]) -> None:
    read()


def test_urllib3_connects_by_the_method_that_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    class Reached(Exception):
        pass

    def refuse(_connection: object) -> None:
        raise Reached

    for connection in (AWSHTTPConnection, AWSHTTPSConnection):
        monkeypatch.setattr(connection, "_new_conn", refuse)

        with pytest.raises(Reached):
            connection("cats.test", timeout=1).connect()
