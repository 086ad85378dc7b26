"""Mail server of the site, from one address."""

from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

EXPECTED = "expected an address like smtp://user:password@mail.example.org:587"
# Scheme of the address: the last part of the name of Django's backend.
BACKENDS = {
    "smtp": "smtp",
    "smtps": "smtp",
    "smtp+plain": "smtp",
    "console": "console",
    "memory": "locmem",
    "": "dummy",
}
PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Mail:
    """What Django wants to know. sender: as it stands in From."""

    backend: str
    sender: str
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    is_starttls: bool = False
    is_tls: bool = False


def mail_from(url: str, *, site_name: str, site_host: str) -> Mail:
    """Mail server of EMAIL_URL; without one, mail goes nowhere.

    smtp is with STARTTLS, but not to this machine; smtps with TLS from the start; smtp+plain without.
    `?from=` names the sender. Raises ImproperlyConfigured, without showing the address: it holds a password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"EMAIL_URL=***: {EXPECTED}") from error
    if parts.scheme not in BACKENDS or bool(url) != bool(parts.scheme):
        raise ImproperlyConfigured(f"EMAIL_URL=***: {EXPECTED}")
    backend = f"django.core.mail.backends.{BACKENDS[parts.scheme]}.EmailBackend"
    sender = _sender(parts) or formataddr((site_name, f"no-reply@{site_host}"))
    if parts.scheme not in PORTS:
        return Mail(backend, sender)
    if not parts.hostname:
        raise ImproperlyConfigured(f"EMAIL_URL=***: it names no host; {EXPECTED}")
    scheme = "smtp+plain" if parts.scheme == "smtp" and parts.hostname in LOOPBACK else parts.scheme
    return Mail(
        backend,
        sender,
        host=parts.hostname,
        port=port or PORTS[scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        is_starttls=scheme == "smtp",
        is_tls=scheme == "smtps",
    )


def _sender(parts: SplitResult) -> str:
    sender = parse_qs(parts.query).get("from", [""])[0]
    if sender and ("@" not in parseaddr(sender)[1] or "\n" in sender):
        raise ImproperlyConfigured("EMAIL_URL=***: from= is no address of a sender")
    return sender
