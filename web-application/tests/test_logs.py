"""D17: a title cannot forge a line of the log. D51: nobody fills the log by being refused."""

import io
import logging
from collections.abc import Callable, Iterator
from logging.config import DictConfigurator
from typing import Any

import pytest
from django.conf import settings
from django.http import UnreadablePostError
from django.test import Client

from cattube.accounts.models import ApiToken
from cattube.accounts.tokens.token_scopes import Scope
from cattube.config.logs import OneLineFormatter
from cattube.videos.models import Video


def formatter() -> logging.Formatter:
    """The formatter that the settings name for every line."""
    logging_config: Any = settings.LOGGING
    (description,) = logging_config["formatters"].values()
    configurator: Any = DictConfigurator(logging_config)
    line_formatter: logging.Formatter = configurator.configure_formatter(description)
    return line_formatter


@pytest.fixture
def written() -> Iterator[Callable[[], list[str]]]:
    """Lines that the site has written to the terminal."""
    handlers: list[Any] = logging.getLogger("django").handlers
    (handler,) = [handler for handler in handlers if isinstance(handler.formatter, OneLineFormatter)]
    terminal, written = handler.stream, io.StringIO()
    handler.setStream(written)
    yield lambda: written.getvalue().splitlines()
    handler.setStream(terminal)


def test_title_with_control_characters_stays_on_its_line_d17() -> None:
    title = "cat\nINFO cattube: all is well\x1b[31m\r\u2028"
    record = logging.LogRecord("cattube", logging.WARNING, __file__, 1, "Video %s", (title,), None)

    line = formatter().format(record)

    assert line == r"WARNING cattube: Video cat\nINFO cattube: all is well\x1b[31m\r\u2028"


NOTIFICATIONS = "/notifications/transloadit"
JSON, MULTIPART = "application/json", "multipart/form-data; boundary=x"
BROKEN = b"--x\r\nContent-Disposition: form-data; name=a\r\nContent-Length: 1\r\n\r\n" + b"x" * 3_000_000
WRONG = {"Authorization": "Bearer x"}
FIELDS = {str(number): "x" for number in range(9999)}


def with_token(video: Video) -> Any:
    _, token = ApiToken.objects.issue_with(video.owner, scopes=[Scope.READ])
    headers = {"Authorization": f"Bearer {token}"}
    return Client().post("/api/uploads", {"title": "Cat"}, JSON, headers=headers)


Ask = Callable[[Client, Video], Any]
# Asked by a stranger to the video, with the status of the answer.
REFUSED: dict[str, tuple[int, Ask]] = {
    "edit": (403, lambda c, v: c.post(f"/videos/{v.pk}/edit", {"title": "x"})),
    "page to edit": (403, lambda c, v: c.get(f"/videos/{v.pk}/edit")),
    "deletion": (403, lambda c, v: c.post(f"/videos/{v.pk}/delete")),
    "edit by the API": (403, lambda c, v: c.patch(f"/api/videos/{v.pk}", "{}", JSON)),
    "deletion by the API": (403, lambda c, v: c.delete(f"/api/videos/{v.pk}")),
    "retry": (403, lambda c, v: c.post(f"/api/videos/{v.pk}/retry")),
    "parts": (403, lambda c, v: c.get(f"/api/uploads/{v.pk}/parts")),
    "upload that is not JSON": (400, lambda c, v: c.post("/api/uploads", "{", JSON)),
    "upload without a title": (400, lambda c, v: c.post("/api/uploads", "{}", JSON)),
    "upload that is too large": (413, lambda c, v: c.post("/api/uploads", "x" * 3_000_000, JSON)),
    "token that is none": (
        401,
        lambda c, v: Client().get("/api/videos", headers={"Authorization": "Bearer x"}),
    ),
    "token without the scope": (403, lambda c, v: with_token(v)),
    "token that is not JSON": (400, lambda c, v: c.post("/api/tokens", "[", JSON)),
    "token of another": (404, lambda c, v: c.post("/settings/tokens/99/withdraw")),
    "lost page": (404, lambda c, v: c.get("/nothing")),
    "method": (405, lambda c, v: c.get("/settings/password")),
    "form without a token": (403, lambda c, v: Client(enforce_csrf_checks=True).post("/login/")),
    "form that cannot be read": (400, lambda c, v: c.post("/settings/password", BROKEN, MULTIPART)),
    "form that is too large": (400, lambda c, v: c.post("/settings/email", {"email": "x" * 3_000_000})),
    "form of many fields": (400, lambda c, v: c.post("/settings/password", FIELDS)),
    "notification with a wrong signature": (403, lambda c, v: c.post(NOTIFICATIONS, {"signature": "x"})),
    "notification without one": (403, lambda c, v: c.post(NOTIFICATIONS)),
    "notification that is too large": (413, lambda c, v: c.post(NOTIFICATIONS, BROKEN, MULTIPART)),
    "report that nobody signed": (403, lambda c, v: c.post("/notifications/videos/x", {}, JSON)),
}


@pytest.mark.parametrize("what", REFUSED)
def test_d51_refusal_is_one_line_of_the_log_at_most(
    as_bob: Client, alice_video: Video, written: Callable[[], list[str]], what: str
) -> None:
    Video.objects.update(visibility="public")
    status, ask = REFUSED[what]

    answer = ask(as_bob, alice_video)

    assert answer.status_code == status
    assert len(written()) <= 1
    assert not [line for line in written() if line.startswith(("ERROR", "CRITICAL"))]


def test_d51_client_that_goes_away_is_one_warning(written: Callable[[], list[str]]) -> None:
    gone = UnreadablePostError("connection reset")

    logging.getLogger("django.request").error("Internal Server Error: %s", "/login/", exc_info=gone)

    assert written() == ["WARNING django.request: Internal Server Error: /login/"]


def test_error_of_ours_keeps_its_traceback(written: Callable[[], list[str]]) -> None:
    ours = RuntimeError("the disk is on fire")

    logging.getLogger("django.request").error("Internal Server Error: %s", "/login/", exc_info=ours)

    assert written()[0].startswith("ERROR")
    assert "RuntimeError: the disk is on fire" in written()[-1]
