"""Database of the engine, SQLite or PostgreSQL: short transactions, one writer at a time."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session, sessionmaker

from cattube_worker.errors import BadRequest, TryLater
from cattube_worker.settings import SettingsError

BUSY_SECONDS = 10
# Until a server that says nothing counts as gone. The kernel would wait for a quarter of an hour.
SILENT_SECONDS = 30
_PROBES = 3
# Connections to a server that stay open, and further ones. A request or job that finds none waits.
POOLED_CONNECTIONS, EXTRA_CONNECTIONS = 5, 15
# Key of the advisory lock of all writers on one database. Any number does, as long as it stays the same.
WRITER_LOCK_KEY = 0x0CA77B0E
# In `Session.info`: the host of this process, None when there is only one.
HOST = "host"
# Options of a connection on which each statement is a transaction of its own. Those of SQLite are so unless
# `begin` begins one; psycopg has to be told.
_WITHOUT_TRANSACTION: dict[str, dict[str, Any]] = {
    "sqlite": {"begins": False},
    "postgresql": {"begins": False, "isolation_level": "AUTOCOMMIT"},
}


class Database:
    """Transactions on the database at `url`.

    Reading and writing are separate because SQLite would let two transactions read and then refuse one of
    them the write: a writer takes the lock when it begins, and writers of this process wait for each other.
    PostgreSQL would let both write, each on what it had read before: there a lock of our own lets one write
    at a time, so that what a transaction counted or looked up is still true when it ends.

    url: of SQLAlchemy; "postgresql://" means psycopg. host: that of this process, when there are several;
    sessions know it, so that what only it can work on is written down with its name.
    """

    def __init__(self, url: str, *, host: str | None = None) -> None:
        self.engine = create_engine(_with_driver(url), **_options(url))
        self._writer_lock: AbstractContextManager[Any] = nullcontext()
        if self.engine.dialect.name == "sqlite":
            self._writer_lock = threading.Lock()
            _prepare_sqlite(self.engine)
        else:
            _prepare_postgresql(self.engine)
        self._session = sessionmaker(self.engine, expire_on_commit=False, info={HOST: host})
        self._glancing = self.engine.execution_options(**_WITHOUT_TRANSACTION[self.engine.dialect.name])

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Session that sees one state of the database and changes nothing."""
        with _translated_errors(), self._session() as session:
            session.connection(execution_options={"reads_only": True})
            yield session
            # With each ROLLBACK psycopg forgets what the server has prepared, and long statements would be
            # sent and planned anew for ever. PostgreSQL refuses what a reader writes; SQLite rolls it back.
            if self.engine.dialect.name == "postgresql":
                session.expunge_all()
                session.commit()

    @contextmanager
    def glance(self) -> Iterator[Connection]:
        """Connection for one statement that changes nothing, at a fraction of what `read` costs."""
        with _translated_errors(), self._glancing.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Session whose changes are committed when the block ends, and rolled back when it raises."""
        with _translated_errors(), self._writer_lock, self._session.begin() as session:
            yield session

    def make_private_file(self) -> None:
        """Create SQLite's file, for this user alone; a server's database exists already."""
        if self.engine.dialect.name == "sqlite":
            # SQLite gives its journal files the mode of the database.
            os.close(os.open(str(self.engine.url.database), os.O_CREAT | os.O_RDWR, 0o600))

    def check_reachable(self) -> None:
        """Check, when the engine starts, that the database can be used. Raises SettingsError."""
        try:
            with self.engine.connect():
                pass
        except OperationalError as error:
            where = self.engine.url.set(drivername=self.engine.dialect.name)
            reason = str(error.orig).strip().splitlines()[0]
            raise SettingsError(
                f"WORKER_DATABASE_URL={where.render_as_string(hide_password=True)}: "
                f"the database cannot be used: {reason}"
            ) from error

    def check(self) -> None:
        """Ask for a trivial answer. Raises TryLater."""
        with self.read() as session:
            session.execute(text("SELECT 1"))

    def close(self) -> None:
        self.engine.dispose()


def _options(url: str) -> dict[str, Any]:
    if not url.startswith("sqlite"):
        pool = {"pool_size": POOLED_CONNECTIONS, "max_overflow": EXTRA_CONNECTIONS}
        return {
            "pool_pre_ping": True,
            "pool_timeout": BUSY_SECONDS,
            "connect_args": {
                "connect_timeout": BUSY_SECONDS,
                "keepalives_idle": SILENT_SECONDS // _PROBES,
                "keepalives_interval": SILENT_SECONDS // _PROBES,
                "keepalives_count": _PROBES - 1,
                "tcp_user_timeout": SILENT_SECONDS * 1000,
            },
            **pool,
        }
    # Unbounded: the threads of the server are the bound.
    connect = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    return {"connect_args": connect, "pool_size": 8, "max_overflow": -1}


def _with_driver(url: str) -> URL:
    parsed = make_url(url)
    is_postgresql = parsed.drivername in ("postgresql", "postgres")
    return parsed.set(drivername="postgresql+psycopg") if is_postgresql else parsed


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        # Python's own transaction handling would begin too late; `begin` below begins instead.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        options = connection.get_execution_options()
        if options.get("begins", True):
            connection.exec_driver_sql("BEGIN" if options.get("reads_only", False) else "BEGIN IMMEDIATE")


def _prepare_postgresql(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        # A writer that hangs, or lost its machine, must not hold up all others for ever.
        connection.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'")
        connection.execute(f"SET idle_in_transaction_session_timeout = '{BUSY_SECONDS * 3}s'")
        connection.commit()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        options = connection.get_execution_options()
        if not options.get("begins", True):
            return
        if options.get("reads_only", False):
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        else:
            # A statement of its own: those that follow see what the previous writer committed.
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_LOCK_KEY})")


@contextmanager
def _translated_errors() -> Iterator[None]:
    """Translate errors of a database that is busy, full or gone into ones a client retries on."""
    try:
        yield
    except (OperationalError, NoConnectionFree) as error:
        raise TryLater("The engine's database does not answer. Try again in a moment.") from error
    except DataError as error:
        raise BadRequest("The request has a character or number that cannot be stored.") from error
