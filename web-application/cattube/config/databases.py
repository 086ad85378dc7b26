"""Django's description of the site's database, and the message when it cannot be used."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

EXPECTED = "expected an address like postgresql://user:password@host/name"
SECONDS_TO_CONNECT = 5
SECONDS_OPEN = 60
# Django's names for the parts of the address; the rest of it (sslmode, …) goes to the driver as it is.
NAMES = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


def sqlite(file: Path) -> dict[str, Any]:
    """Django's description of the database in `file`."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        # Of each thread: to open the file anew costs more than most questions.
        "CONN_MAX_AGE": SECONDS_OPEN,
        "OPTIONS": {
            # Take the write lock when a transaction begins: a lock asked for in the middle fails at once
            # instead of waiting its turn.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # Half a megabyte of pages in memory for each thread, which the system has in its memory anyway.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-500;",
        },
    }


def postgresql(url: str, *, max_connections: int) -> dict[str, Any]:
    """Django's description of the database at `url`, with one pool of connections per process.

    Raises ImproperlyConfigured, without showing the address: it holds a password.
    """
    # Imported only here: a site on SQLite saves its memory.
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    if not url.startswith("postgresql://"):
        raise ImproperlyConfigured(f"DATABASE_URL=***: {EXPECTED}")
    try:
        parts = conninfo_to_dict(url, connect_timeout=SECONDS_TO_CONNECT)
        int(parts.get("port") or 0)
    except (psycopg.Error, ValueError) as error:
        raise ImproperlyConfigured(f"DATABASE_URL=***: {EXPECTED}") from error
    if not parts.get("dbname"):
        raise ImproperlyConfigured(f"DATABASE_URL=***: it names no database; {EXPECTED}")
    options = {NAMES[name]: value for name, value in parts.items() if name in NAMES}
    rest = {name: value for name, value in parts.items() if name not in NAMES}
    pool = {"min_size": 1, "max_size": max_connections, "timeout": SECONDS_TO_CONNECT}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **options,
        # The server may have been started anew since a connection was last used.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**rest, "pool": pool},
    }


def unusable_message(url: str, error: Exception) -> str:
    """One sentence for the operator on why the database cannot be used.

    url: "" for SQLite. error: as raised; a pool's says only that time ran out.
    """
    reason = _connection_error(url) or str(error)
    name = "DATABASE_URL" if url else "The database in CATTUBE_DATA"
    return f"{name}: the database cannot be used: {reason.strip().splitlines()[0]}"


def _connection_error(url: str) -> str:
    """Server's error to a connection of our own; "" when it accepts it."""
    if not url:
        return ""
    import psycopg

    try:
        psycopg.connect(url, connect_timeout=SECONDS_TO_CONNECT).close()
    except psycopg.Error as error:
        return str(error)
    return ""
