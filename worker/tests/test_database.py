"""Database: one writer at a time, and errors when it does not work."""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Executable, func, select, text, update
from sqlalchemy.exc import DatabaseError
from werkzeug.test import TestResponse

from cattube_worker import database as database_module
from cattube_worker.assemblies import repository
from cattube_worker.assemblies.model import Assembly, Upload, UsedNonce
from cattube_worker.database import Database
from cattube_worker.errors import BadRequest, TryLater
from cattube_worker.settings import SettingsError

from .conftest import TestEngine, open_test_engine, settings_for, upload_metadata
from .databases import SERVER
from .server.conftest import PATIENCE_SECONDS

CROWD = 6
NO_SERVER = "postgresql://tube:secret-word@127.0.0.1:9/tube"


def at_once(ask: Callable[[], TestResponse]) -> list[int]:
    """Sorted statuses of as many requests at the same moment as a crowd sends."""
    barrier = Barrier(CROWD, timeout=PATIENCE_SECONDS)

    def go(_: int) -> int:
        barrier.wait()
        return ask().status_code

    with ThreadPoolExecutor(CROWD) as pool:
        return sorted(pool.map(go, range(CROWD)))


def test_the_last_place_for_a_file_is_given_once(engine: TestEngine) -> None:
    assembly = engine.assembly()

    def open_one() -> TestResponse:
        # In words of its own: a creation in the same words takes the place of the one before.
        metadata = upload_metadata(assembly["assembly_url"], filename=f"{uuid.uuid4().hex}.txt")
        headers = {**engine.tus, "Upload-Length": "4", "Upload-Metadata": metadata}
        client = engine.client.application.test_client()
        return client.post("/resumable/files/", headers=headers)

    assert at_once(open_one) == [201] + [400] * (CROWD - 1)
    assert len(uploads_of(engine, assembly)) == 1


def test_same_creation_often_at_once_leaves_one_upload(engine: TestEngine) -> None:
    """T22"""
    assembly = engine.assembly()
    metadata = upload_metadata(assembly["assembly_url"])
    headers = {**engine.tus, "Upload-Length": "4", "Upload-Metadata": metadata}

    answers = at_once(
        lambda: engine.client.application.test_client().post("/resumable/files/", headers=headers)
    )

    assert 201 in answers
    assert set(answers) <= {201, 400, 404}  # 404: lost its place to a twin before it was answered
    assert len(uploads_of(engine, assembly)) == 1


def uploads_of(engine: TestEngine, assembly: Mapping[str, Any]) -> Sequence[Upload]:
    with engine.database.read() as session:
        return repository.uploads_of(session, assembly["assembly_id"])


def test_writer_waits_for_the_writer_in_another_process_and_sees_what_it_wrote(engine: TestEngine) -> None:
    """F13"""
    other = Database(engine.settings.worker_database_url.get_secret_value())

    with ThreadPoolExecutor(1) as pool:
        with engine.database.write() as session:
            session.add(UsedNonce(digest="first", expires_at=1.0))
            session.flush()
            counted = pool.submit(count_nonces_to_write, other)
            done, _ = wait([counted], timeout=0.3)
            assert not done

        assert counted.result() == 1
    other.close()


def count_nonces_to_write(database: Database) -> int | None:
    with database.write() as session:
        return session.scalar(select(func.count()).select_from(UsedNonce))


def test_signed_request_that_comes_often_at_once_makes_one_assembly(engine: TestEngine) -> None:
    """W10"""
    form = {**engine.signed({"steps": {}, "template_id": "cattube"}), "num_expected_upload_files": "1"}

    answers = at_once(lambda: engine.client.application.test_client().post("/assemblies", data=form))

    assert answers.count(200) == 1
    with engine.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Assembly)) == 1


def test_reader_sees_one_state_while_others_write(engine: TestEngine) -> None:
    database = engine.database
    count = select(func.count()).select_from(UsedNonce)

    with database.read() as session:
        before = session.scalar(count)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(add_nonce, database).result()
        after = session.scalar(count)

    assert (before, after) == (0, 0)
    with database.read() as session:
        assert session.scalar(count) == 1


def add_nonce(database: Database) -> None:
    with database.write() as session:
        session.add(UsedNonce(digest=uuid.uuid4().hex, expires_at=1.0))


def test_what_a_reader_changes_stays_as_it_was(engine: TestEngine) -> None:
    add_nonce(engine.database)

    with engine.database.read() as session:
        session.scalars(select(UsedNonce)).one().expires_at = 2.0
        session.add(UsedNonce(digest="x", expires_at=2.0))

    with engine.database.read() as session:
        assert session.scalars(select(UsedNonce.expires_at)).all() == [1.0]


@pytest.mark.parametrize("then", [select(UsedNonce), update(UsedNonce).values(expires_at=3.0)])
def test_f128_what_a_reader_has_sent_to_the_database_stays_as_it_was(
    engine: TestEngine, then: Executable
) -> None:
    """F128: a question sends what was changed before it."""
    add_nonce(engine.database)

    with suppress(DatabaseError), engine.database.read() as session:
        session.scalars(select(UsedNonce)).one().expires_at = 2.0
        session.execute(then)

    with engine.database.read() as session:
        assert session.scalars(select(UsedNonce.expires_at)).all() == [1.0]


@pytest.mark.skipif(SERVER not in os.environ, reason="SQLite keeps statements in the process")
def test_f126_statement_that_readers_repeat_is_sent_and_planned_once(engine: TestEngine) -> None:
    """F126: a host that looks for work asks the same long questions for ever."""
    for _ in range(10):
        with engine.database.read() as session:
            repository.is_there(session, "cats")

    with engine.database.read() as session:
        prepared = session.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
    assert [statement for statement in prepared if "assembly_versions" in statement]


def test_block_that_raises_leaves_nothing_and_the_next_one_works(engine: TestEngine) -> None:
    database = engine.database

    def add_twice() -> None:
        with database.write() as session:
            session.add(UsedNonce(digest="x", expires_at=1.0))
            raise BadRequest("No.")

    with pytest.raises(BadRequest):
        add_twice()

    add_nonce(database)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(UsedNonce)) == 1


def test_text_with_a_null_in_it_is_no_server_error(engine: TestEngine) -> None:
    response = engine.create(template_id="cat\0tube")

    assert response.status_code < 500


def test_server_that_is_gone_means_try_later() -> None:
    """W22, F14"""
    database = Database(NO_SERVER)

    with pytest.raises(TryLater):
        database.check()


def test_f103_server_that_says_nothing_means_try_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """F103: as behind a network that swallows everything."""
    # The least that libpq takes.
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        database = Database(f"postgresql://tube@127.0.0.1:{silent.getsockname()[1]}/tube")

        with pytest.raises(TryLater):
            database.check()
    database.close()


def test_server_that_cannot_be_reached_stops_the_start_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^WORKER_DATABASE_URL=postgresql://tube:\*\*\*@127") as failure:
        open_test_engine(tmp_path, worker_database_url=NO_SERVER)

    assert "secret-word" not in str(failure.value)
    assert "Connection refused" in str(failure.value)


@pytest.mark.parametrize(
    "url",
    ["mysql://tube:secret-word@host/tube", "postgresql://tube:secret-word@host", "postgresql://h:port/tube"],
)
def test_url_that_is_no_databases_is_refused_without_showing_it(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match=r"^WORKER_DATABASE_URL=\*\*\*: expected an address") as failure:
        settings_for(tmp_path, worker_database_url=url)

    assert "secret-word" not in str(failure.value)
