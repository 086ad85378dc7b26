"""The cache of files that other hosts have: its bound, and what happens when several jobs use it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from cattube_worker.disk_room import DiskRoom
from cattube_worker.errors import DiskFull
from cattube_worker.execution.job_files import file_cache
from cattube_worker.execution.job_files.file_cache import FileCache
from cattube_worker.media.process.run import Stopped

from ...conftest import files_below

ASSEMBLY = "a" * 32


def cache_in(folder: Path, *, max_bytes: int = 10, reserve_bytes: int = 0) -> FileCache:
    return FileCache(folder, max_bytes=max_bytes, room=DiskRoom([folder], reserve_bytes=reserve_bytes))


def hold(
    cache: FileCache,
    name: str,
    held: ExitStack,
    content: bytes = b"meow",
    stop: threading.Event | None = None,
) -> tuple[Path, int]:
    """(path of the file, how often it was fetched for this)."""
    fetched: list[Path] = []

    def fetch(target: Path) -> None:
        fetched.append(target)
        target.write_bytes(content)

    path = cache.hold(
        ASSEMBLY,
        name,
        size_bytes=len(content),
        fetch=fetch,
        held=held,
        stop=stop or threading.Event(),
    )
    return path, len(fetched)


def hold_by(cache: FileCache, fetch: Callable[[Path], None], held: ExitStack) -> Path:
    """The file of four bytes that `fetch` brings."""
    return cache.hold(ASSEMBLY, "cat", size_bytes=4, fetch=fetch, held=held, stop=threading.Event())


def names_in(folder: Path) -> set[str]:
    return {Path(name).name for name in files_below(folder) if not name.endswith(".lock")}


def test_file_is_fetched_once_and_stays_for_the_next_job(tmp_path: Path) -> None:
    cache = cache_in(tmp_path)

    with ExitStack() as first:
        path, fetches = hold(cache, "cat", first)
    with ExitStack() as second:
        again = hold(cache, "cat", second)

    assert (fetches, again) == (1, (path, 0))
    assert path.read_bytes() == b"meow"


def test_f93_nothing_makes_way_for_bytes_that_never_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F93: others make way once they are here."""
    monkeypatch.setattr(file_cache, "CHECK_BYTES", 1)
    cache = cache_in(tmp_path)
    with ExitStack() as held:
        hold(cache, "cat", held)

    with cache.growing(ASSEMBLY, "film", stop=threading.Event()) as (path, room):
        before = names_in(tmp_path)
        path.write_bytes(b"purr purr")
        room.note_written(9)

    assert before == {"cat", "film.part"}
    assert names_in(tmp_path) == {"film.part"}


def test_files_that_were_not_used_for_longest_make_room(tmp_path: Path) -> None:
    """S51"""
    cache = cache_in(tmp_path)
    for age, name in enumerate(["newer", "older"]):
        with ExitStack() as held:
            path, _ = hold(cache, name, held)
            os.utime(path, (1000 - age, 1000 - age))

    with ExitStack() as held:
        hold(cache, "third", held)

    assert names_in(tmp_path) == {"newer", "third"}


def test_files_that_jobs_hold_stay_even_above_the_bound(tmp_path: Path) -> None:
    """S51"""
    cache = cache_in(tmp_path)

    with ExitStack() as held:
        for name in ("one", "two", "three"):
            hold(cache, name, held)
        during = names_in(tmp_path)
    with ExitStack() as held:
        hold(cache, "four", held)

    assert during == {"one", "two", "three"}
    assert len(names_in(tmp_path)) == 2


def test_nothing_is_fetched_onto_a_full_disk(tmp_path: Path) -> None:
    """S51"""
    cache = cache_in(tmp_path, reserve_bytes=2**62)

    with ExitStack() as held, pytest.raises(DiskFull):
        hold(cache, "cat", held)


def test_of_two_jobs_that_need_a_file_one_fetches_it(tmp_path: Path) -> None:
    """S52"""
    cache, fetches, entered, go_on = cache_in(tmp_path), [], threading.Event(), threading.Event()

    def fetch(target: Path) -> None:
        fetches.append(target)
        entered.set()
        assert go_on.wait(60)
        target.write_bytes(b"meow")

    def need() -> None:
        with ExitStack() as held:
            hold_by(cache, fetch, held)

    jobs = [threading.Thread(target=need) for _ in range(2)]
    jobs[0].start()
    assert entered.wait(60)
    jobs[1].start()
    go_on.set()
    for job in jobs:
        job.join()

    assert len(fetches) == 1


def test_job_that_is_stopped_does_not_wait_for_a_file(tmp_path: Path) -> None:
    """S52"""
    cache, stop = cache_in(tmp_path), threading.Event()

    def fetch(target: Path) -> None:
        target.write_bytes(b"meow")
        stop.set()
        with ExitStack() as held, pytest.raises(Stopped):
            hold(cache, "cat", held, stop=stop)

    with ExitStack() as held:
        hold_by(cache, fetch, held)


def test_what_an_earlier_attempt_brought_is_gone_on_with(tmp_path: Path) -> None:
    """S46"""
    cache = cache_in(tmp_path)

    def break_off(target: Path) -> None:
        target.write_bytes(b"me")
        raise ConnectionError

    def go_on(target: Path) -> None:
        target.write_bytes(target.read_bytes() + b"ow")

    with ExitStack() as held, pytest.raises(ConnectionError):
        hold_by(cache, break_off, held)
    with ExitStack() as held:
        path = hold_by(cache, go_on, held)

    assert path.read_bytes() == b"meow"


def test_folders_of_assemblies_that_ended_elsewhere_are_swept(tmp_path: Path) -> None:
    cache = cache_in(tmp_path)
    with ExitStack() as held:
        hold(cache, "cat", held)

    cache.sweep(lambda: [ASSEMBLY])
    while_at_work = names_in(tmp_path)
    cache.sweep(list)

    assert while_at_work == {"cat"}
    assert list(tmp_path.iterdir()) == []
