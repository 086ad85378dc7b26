"""Dates and durations as Transloadit writes and reads them."""

from __future__ import annotations

from datetime import UTC, datetime


def status_date(epoch_seconds: float) -> str:
    """The moment as status documents show it: "2026/01/31 23:59:58 GMT"."""
    return datetime.fromtimestamp(epoch_seconds, UTC).strftime("%Y/%m/%d %H:%M:%S GMT")


def optional_status_date(epoch_seconds: float | None) -> str | None:
    """As `status_date`; None for a moment that has not come."""
    return None if epoch_seconds is None else status_date(epoch_seconds)


def rfc3339_date(epoch_seconds: float) -> str:
    """The moment as the list of assemblies shows it: "2026-01-31T23:59:58.000Z"."""
    moment = datetime.fromtimestamp(epoch_seconds, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def list_date(epoch_seconds: float) -> str:
    """The moment as templates and credentials show it: "2026-01-31 23:59:58", in UTC."""
    return datetime.fromtimestamp(epoch_seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")


def seconds_between(start: float | None, end: float | None) -> float | None:
    """The duration between two moments in epoch seconds, to the millisecond; None while one is unknown."""
    return None if start is None or end is None else round(end - start, 3)


def read_expires(text: str) -> float:
    """The moment named by `auth.expires`, in epoch seconds.

    text: "2026/01/31 23:59:58+00:00" or ISO 8601; without a zone it is UTC.
    Raises ValueError.
    """
    moment = datetime.fromisoformat(text.strip().replace("/", "-"))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.timestamp()
