"""The engine's database: short transactions, one writer at a time on SQLite."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from cattube_worker.errors import TryLater

BUSY_SECONDS = 10


class Database:
    """Opens transactions on the database at `url`.

    Reading and writing are told apart because SQLite would let two transactions read and then refuse one
    of them the write: a writer takes the lock at its first word, and within this process waits in line.
    """

    def __init__(self, url: str) -> None:
        self.engine = create_engine(url, **_options(url))
        self._line: AbstractContextManager[Any] = nullcontext()
        if self.engine.dialect.name == "sqlite":
            self._line = threading.Lock()
            _prepare_sqlite(self.engine)
        self._session = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one state of the database and changes nothing."""
        with _said_plainly(), self._session() as session:
            session.connection(execution_options={"reads_only": True})
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose changes are kept when the block ends, or none of them when it raises."""
        with _said_plainly(), self._line, self._session.begin() as session:
            yield session

    def make_private_file(self) -> None:
        """Have SQLite's file there, for this user alone; other databases are not ours to make."""
        if self.engine.dialect.name == "sqlite":
            # SQLite gives its journal files the mode of the database.
            os.close(os.open(str(self.engine.url.database), os.O_CREAT | os.O_RDWR, 0o600))

    def check(self) -> None:
        """Ask for a trivial answer. Raises TryLater."""
        with self.read() as session:
            session.execute(text("SELECT 1"))

    def close(self) -> None:
        self.engine.dispose()


def _options(url: str) -> dict[str, Any]:
    if not url.startswith("sqlite"):
        return {"pool_pre_ping": True}
    # No upper bound of its own: the server's threads are one.
    connect = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    return {"connect_args": connect, "pool_size": 8, "max_overflow": -1}


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        # Python's own transaction handling would begin too late; `begin` below does it.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        reads_only = connection.get_execution_options().get("reads_only", False)
        connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Turn a database that is busy, full or gone into an answer a client retries on."""
    try:
        yield
    except OperationalError as error:
        raise TryLater("The engine's database does not answer. Try again in a moment.") from error
