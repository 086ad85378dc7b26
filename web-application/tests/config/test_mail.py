"""EMAIL_URL."""

from __future__ import annotations

import socketserver
from threading import Thread

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, get_connection

from cattube.config.mail import Mail, mail_from

SENDER = "CatTube <no-reply@tube.example.org>"


def mail(url: str) -> Mail:
    return mail_from(url, site_name="CatTube", site_host="tube.example.org")


def test_without_a_server_mail_goes_nowhere() -> None:
    assert mail("") == Mail("django.core.mail.backends.dummy.EmailBackend", SENDER)


@pytest.mark.parametrize(
    ("url", "host", "port", "is_starttls", "is_tls"),
    [
        ("smtp://mail.example.org", "mail.example.org", 587, True, False),
        ("smtp://mail.example.org:2525", "mail.example.org", 2525, True, False),
        ("smtps://mail.example.org", "mail.example.org", 465, False, True),
        ("smtp+plain://relay.internal", "relay.internal", 25, False, False),
        ("smtp://127.0.0.1:2525", "127.0.0.1", 2525, False, False),
        ("smtp://localhost", "localhost", 25, False, False),
        ("smtp://[::1]:25", "::1", 25, False, False),
    ],
)
def test_server_is_reached_with_tls_unless_it_is_here(
    url: str, host: str, port: int, is_starttls: bool, is_tls: bool
) -> None:
    found = mail(url)

    assert found.backend == "django.core.mail.backends.smtp.EmailBackend"
    assert (found.host, found.port, found.is_starttls, found.is_tls) == (host, port, is_starttls, is_tls)


def test_name_and_password_may_have_any_letters() -> None:
    found = mail("smtp://cat%40example.org:p%2Fw%3Aord@mail.example.org?from=Tube%20<tube@example.org>")

    assert (found.user, found.password) == ("cat@example.org", "p/w:ord")
    assert found.sender == "Tube <tube@example.org>"


@pytest.mark.parametrize(("url", "backend"), [("console:", "console"), ("memory://", "locmem")])
def test_mail_can_be_printed_or_kept_in_memory(url: str, backend: str) -> None:
    assert mail(url).backend == f"django.core.mail.backends.{backend}.EmailBackend"


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "http://secret@mail.example.org",
        "smtp://",
        "smtp://:secret@",
        "smtp://mail.example.org:secret",
        "smtp://[secret",
        "smtp://mail.example.org?from=secret",
    ],
)
def test_address_that_makes_no_sense_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"EMAIL_URL=\*\*\*") as raised:
        mail(url)

    assert "secret" not in str(raised.value)


class MailServer(socketserver.TCPServer):
    """Mail server that takes one mail and keeps its text."""

    allow_reuse_address = True
    text = ""


class OneMail(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            command = line[:4].upper()
            if command == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                self.server.text = "".join(part.decode() for part in iter(self.rfile.readline, b".\r\n"))
            self.wfile.write(b"221 bye\r\n" if command == b"QUIT" else b"250 ok\r\n")


def test_server_of_the_address_gets_the_mail() -> None:
    with MailServer(("127.0.0.1", 0), OneMail) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        found = mail(f"smtp://127.0.0.1:{server.server_address[1]}")
        connection = get_connection(found.backend, host=found.host, port=found.port, timeout=60)

        sent = EmailMessage("Hello", "A link", found.sender, ["alice@example.org"], connection=connection)
        assert sent.send() == 1
        thread.join(5)

    assert "From: CatTube <no-reply@tube.example.org>" in server.text
    assert "A link" in server.text
