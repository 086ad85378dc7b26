"""How the text of a setting becomes its value. Each raises ValueError saying what was expected."""

from __future__ import annotations

from urllib.parse import urlsplit


def text(raw: str) -> str:
    return raw.strip()


def number(raw: str) -> int:
    try:
        found = int(raw)
    except ValueError:
        raise ValueError("expected a whole number") from None
    if found < 0:
        raise ValueError("expected a number that is not negative")
    return found


def positive(raw: str) -> int:
    found = number(raw)
    if found == 0:
        raise ValueError("expected a number above zero")
    return found


def yes_no(raw: str) -> bool:
    answer = raw.strip().lower()
    if answer in {"true", "1", "yes", "on"}:
        return True
    if answer in {"false", "0", "no", "off"}:
        return False
    raise ValueError("expected true or false")


def names(raw: str) -> tuple[str, ...]:
    return tuple(name.strip().lower() for name in raw.split(",") if name.strip())


def base_url(raw: str) -> str:
    url = raw.strip().rstrip("/")
    if url and not url.startswith(("http://", "https://")):
        raise ValueError("expected an address that starts with http:// or https://")
    if url.count("/") > 2:
        raise ValueError("expected an address without a path; Uppy drops the path")
    return url


def endpoint_url(raw: str) -> str:
    """With its scheme, which the pages of bucket services leave out."""
    address = raw.strip().rstrip("/")
    if not address:
        return ""
    url = address if "://" in address else f"https://{address}"
    try:
        parts = urlsplit(url)
        is_plain = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_plain = False
    if not is_plain or parts.path or parts.query or parts.username:
        raise ValueError("expected an address like s3.us-west-004.backblazeb2.com, without the bucket")
    return url


def host(raw: str) -> str:
    name = raw.strip().lower()
    if name and urlsplit(f"//{name}").netloc != name:
        raise ValueError("expected a host like cdn.example.com")
    return name


def database_url(raw: str) -> str:
    url = raw.strip()
    if url and not _is_database(url):
        raise ValueError("expected an address like postgresql://user:password@host/name")
    return url


def _is_database(url: str) -> bool:
    try:
        parts = urlsplit(url)
        # Asking for the port is what finds out that it is none.
        return parts.scheme in ("postgresql", "sqlite") and parts.port != 0 and len(parts.path) > 1
    except ValueError:
        return False


def port(raw: str) -> int:
    found = number(raw)
    if not 1 <= found <= 65535:
        raise ValueError("expected a port between 1 and 65535")
    return found


def signature_form(raw: str) -> str:
    if raw not in {"sha384", "sha256", "sha1", "sha1-bare"}:
        raise ValueError("expected sha384, sha256, sha1 or sha1-bare")
    return raw


def log_level(raw: str) -> str:
    level = raw.strip().upper()
    if level not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
        raise ValueError("expected DEBUG, INFO, WARNING, ERROR or CRITICAL")
    return level
