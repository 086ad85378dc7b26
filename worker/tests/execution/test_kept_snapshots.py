"""Statuses of which the rows are kept in memory: never older than the last commit of any process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Table, event, select

from cattube_worker.assemblies.model import PROBE, WORK, AssemblyVersion, Base
from cattube_worker.execution.jobs import leases
from cattube_worker.execution.statuses.kept_snapshots import KeptSnapshots

from ..conftest import STORE_ORIGINAL, UPLOAD_ONLY, TestEngine, open_test_engine
from ..test_migrations import empty
from .test_outbox import URL, Receiver, deliver

DAYS = 24 * 3600
Assembly = dict[str, Any]
QUERIES_OF_A_KEPT_STATUS = 1


@dataclass
class Neighbour:
    """Another process on the same database and disk: it makes every change, and watches nothing."""

    engine: TestEngine
    assembly: Assembly
    upload: str = ""
    lease: leases.Lease | None = None

    def open_upload(self) -> None:
        self.upload = self.engine.open_upload(self.assembly, 8)

    def send_half(self) -> None:
        assert self.engine.patch(self.upload, b"meow").status_code == 204

    def send_the_rest(self) -> None:
        assert self.engine.patch(self.upload, b"meow", offset=4).status_code == 204

    def probe(self) -> None:
        assert self.engine.runner(PROBE).run_once()

    def claim(self) -> None:
        with self.engine.database.write() as session:
            self.lease = leases.claim(
                session,
                self.engine.jobs.turns,
                owner="us",
                queue=WORK,
                now=self.engine.clock(),
                lease_seconds=9,
            )

    def get_on(self) -> None:
        assert self.lease is not None
        with self.engine.database.write() as session:
            lease_until = self.engine.clock() + 9
            leases.renew(
                session, self.lease.job_id, fence=self.lease.fence, progress=0.5, lease_until=lease_until
            )

    def give_back(self) -> None:
        assert self.lease is not None
        with self.engine.database.write() as session:
            leases.release(session, self.lease, due_at=self.engine.clock(), counts=True)

    def store(self) -> None:
        assert self.engine.runner(WORK).run_once()

    def fail_to_deliver(self) -> None:
        self.engine.outbox(Receiver(answers=[500])).deliver_one()

    def deliver(self) -> None:
        self.engine.clock.advance(3600)
        deliver(self.engine, Receiver(answers=[200]))

    def cancel(self) -> None:
        path = f"/assemblies/{self.assembly['assembly_id']}"
        assert self.engine.client.delete(path).status_code == 200


@dataclass
class House:
    """Engines on one state. watcher: keeps what it has read. forgetful: reads everything anew each time."""

    watcher: TestEngine
    forgetful: TestEngine
    neighbour: TestEngine


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    watcher = open_test_engine(tmp_path)
    forgetful, neighbour = (open_test_engine(tmp_path, watcher.clock) for _ in range(2))
    nothing = KeptSnapshots(forgetful.database, most_characters=0)
    object.__setattr__(forgetful.parts.reports.statuses, "snapshots", nothing)
    yield House(watcher, forgetful, neighbour)
    for engine in (watcher, forgetful, neighbour):
        engine.close()


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(
            (
                *(Neighbour.open_upload, Neighbour.send_half, Neighbour.send_the_rest, Neighbour.probe),
                *(Neighbour.claim, Neighbour.get_on, Neighbour.give_back),
                *(Neighbour.store, Neighbour.fail_to_deliver, Neighbour.deliver),
            ),
            id="to the end",
        ),
        pytest.param((Neighbour.open_upload, Neighbour.send_half, Neighbour.cancel), id="canceled"),
    ],
)
def test_f98_every_change_by_another_process_is_in_the_next_status(
    house: House, changes: tuple[Callable[[Neighbour], None], ...]
) -> None:
    """F98"""
    assembly = house.neighbour.assembly(steps=STORE_ORIGINAL, notify_url=URL)
    neighbour = Neighbour(house.neighbour, assembly)
    last = house.watcher.status(assembly)

    for change in changes:
        change(neighbour)

        status = house.watcher.status(assembly)
        assert status == house.forgetful.status(assembly), change.__name__
        assert status != last, f"{change.__name__} changed nothing that can be seen"
        last = status


def test_f98_place_in_the_queue_changes_with_the_assemblies_of_others(house: House) -> None:
    """F98"""
    first, second = (house.neighbour.assembly(steps=STORE_ORIGINAL) for _ in range(2))
    for assembly in (first, second):
        house.neighbour.upload(assembly, b"meow")
        Neighbour(house.neighbour, assembly).probe()
        house.neighbour.clock.advance(1)
    snapshot = house.watcher.parts.reports.statuses.snapshot
    before = snapshot(second["assembly_id"]).queue_position

    Neighbour(house.neighbour, first).claim()

    assert before == 2
    assert snapshot(second["assembly_id"]).queue_position == 1


def test_f98_links_in_a_kept_status_are_good_when_it_is_asked_for(house: House) -> None:
    """F98"""
    assembly = house.watcher.assembly()
    house.watcher.upload(assembly, b"meow")
    house.watcher.work()
    before = house.watcher.status(assembly)["uploads"][0]["ssl_url"]

    house.watcher.clock.advance(2 * DAYS)
    after = house.watcher.status(assembly)["uploads"][0]["ssl_url"]

    assert house.watcher.get(before).status_code == 403
    assert house.watcher.get(after).status_code == 200


def test_f98_assembly_that_is_gone_is_gone_from_memory_and_its_id_may_be_used_anew(house: House) -> None:
    """F98"""
    named: dict[str, Any] = {"path": f"/assemblies/{'a' * 32}", "expected": 0}
    first = house.neighbour.assembly(**named, fields={"life": "first"})
    assert house.watcher.status(first)["fields"] == {"life": "first"}
    house.neighbour.work()

    house.neighbour.clock.advance(400 * DAYS)
    house.neighbour.cleanup.forget_old()
    gone = house.watcher.client.get(
        f"/assemblies/{first['assembly_id']}", query_string=house.watcher.signed_now()
    )
    second = house.neighbour.assembly(
        **named, fields={"life": "second"}, auth={"expires": "2028/02/20 00:00:00+00:00"}
    )

    assert gone.status_code == 404
    assert house.watcher.status(second)["fields"] == {"life": "second"}


def test_f98_id_alone_shows_a_kept_status_no_longer_than_it_may(house: House) -> None:
    """F98"""
    assembly = house.watcher.assembly(expected=0)
    path = f"/assemblies/{assembly['assembly_id']}"
    assert house.watcher.client.get(path).status_code == 200

    house.watcher.clock.advance(400 * DAYS)

    assert house.watcher.client.get(path).status_code == 403


def test_f98_every_table_of_an_assembly_renews_its_version(engine: TestEngine) -> None:
    """F98: also a table that is added later, and one that a migration has made anew."""
    rows = {"assemblies": {"id": "cats"}, "notifications": {"id": "note"}}
    belonging = [table for table in Base.metadata.sorted_tables if table.foreign_keys]
    tables = [Base.metadata.tables["assemblies"], *belonging]
    assert {table.name for table in tables} >= {"assemblies", "uploads", "files", "jobs", "delivery_attempts"}
    with engine.database.engine.begin() as connection:
        for table in tables:
            keys = {key.parent.name: rows[key.column.table.name]["id"] for key in table.foreign_keys}
            own = rows.get(table.name, {"id": "row"} if "id" in table.columns else {})
            needed = {column.name: empty(column) for column in table.columns if not column.nullable}
            connection.execute(table.insert(), needed | own | keys)
            check_each_change_renews(connection, table)


def check_each_change_renews(connection: Connection, table: Table) -> None:
    """Check it for an update, and where no other rows belong to the row, for its insertion and deletion."""
    seen = [version_of_cats(connection)]
    column = next(column for column in table.columns if not column.primary_key and not column.foreign_keys)
    connection.execute(table.update().values({column.name: column}))
    seen.append(version_of_cats(connection))
    if table.name not in ("assemblies", "notifications"):
        row = dict(connection.execute(table.select()).mappings().one())
        connection.execute(table.delete())
        seen.append(version_of_cats(connection))
        connection.execute(table.insert(), row)
        seen.append(version_of_cats(connection))
    assert len(set(seen)) == len(seen), table.name


def version_of_cats(connection: Connection) -> int:
    return connection.execute(select(AssemblyVersion.version).filter_by(assembly_id="cats")).scalar_one()


def test_f99_kept_rows_take_a_bounded_part_of_the_memory(engine: TestEngine) -> None:
    """F99: what was asked for last stays."""
    large = [engine.assembly(fields={"text": "meow" * 1000})["assembly_id"] for _ in range(4)]
    snapshots = KeptSnapshots(engine.database, most_characters=30_000)

    for assembly_id in large:
        snapshots.get(assembly_id)

    with counted(engine.database.engine) as queries:
        snapshots.get(large[-1])
        of_the_last = len(queries)
        snapshots.get(large[0])
    assert of_the_last == QUERIES_OF_A_KEPT_STATUS
    assert len(queries) > of_the_last + QUERIES_OF_A_KEPT_STATUS


def test_status_of_which_nothing_changed_costs_one_query(engine: TestEngine) -> None:
    assembly = engine.assembly(steps=UPLOAD_ONLY)
    engine.status(assembly)

    with counted(engine.database.engine) as queries:
        engine.client.get(f"/assemblies/{assembly['assembly_id']}")

    assert len(queries) == QUERIES_OF_A_KEPT_STATUS


class counted:  # noqa: N801 a context manager, read as a verb
    """Statements that the block executes."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._statements = engine, list[str]()

    def __enter__(self) -> list[str]:
        event.listen(self._engine, "after_cursor_execute", self._note)
        return self._statements

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "after_cursor_execute", self._note)

    def _note(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        self._statements.append(statement)
