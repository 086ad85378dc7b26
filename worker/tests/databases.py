"""The database that a test's engine uses: SQLite, or PostgreSQL in a run of `make test-postgres`."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

# The server to use instead of SQLite, as a URL; set by `make test-postgres`.
SERVER = "CATTUBE_TEST_POSTGRES"


def database_url(folder: Path) -> str:
    """A database that belongs to this state folder alone; "" is SQLite in it.

    On PostgreSQL it is a schema of its own, made when it is not there yet.
    """
    server = os.environ.get(SERVER)
    if not server:
        return ""
    import psycopg

    schema = f"t{hashlib.sha256(str(folder).encode()).hexdigest()[:16]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    return f"{server}?options=-csearch_path%3D{schema}"
