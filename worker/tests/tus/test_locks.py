"""Locks of uploads: who is interrupted, and when a lock is free again."""

from __future__ import annotations

import pytest

from cattube_worker.tus import locks
from cattube_worker.tus.locks import UploadLocks, WriteLock
from cattube_worker.tus.protocol import UploadLocked


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "WAIT_FOR_WRITER_SECONDS", 0.01)
    monkeypatch.setattr(locks, "WAIT_FOR_INTERRUPTED_SECONDS", 0.01)


def acquire(upload_locks: UploadLocks, *, interrupt: bool = False) -> None:
    with upload_locks.hold("cat", interrupt=interrupt):
        pass


@pytest.mark.parametrize(
    ("silent_seconds", "interrupt", "is_interrupted"),
    [
        pytest.param(0.0, False, False, id="PATCH leaves one that receives alone"),
        pytest.param(60.0, False, True, id="PATCH ends one that fell silent"),
        pytest.param(0.0, True, True, id="HEAD ends any"),
    ],
)
def test_holder_of_a_lock_is_interrupted_only_when_it_should_be(
    monkeypatch: pytest.MonkeyPatch, silent_seconds: float, interrupt: bool, is_interrupted: bool
) -> None:
    """T04"""
    monkeypatch.setattr(WriteLock, "silent_seconds", silent_seconds)
    upload_locks, woken = UploadLocks(), list[str]()
    with upload_locks.hold("cat") as lock:
        lock.on_interrupt(lambda: woken.append("let go"))

        with pytest.raises(UploadLocked):
            acquire(upload_locks, interrupt=interrupt)

        assert (lock.is_interrupted, bool(woken)) == (is_interrupted, is_interrupted)
    acquire(upload_locks)


def test_lock_is_free_again_after_a_failure() -> None:
    upload_locks = UploadLocks()
    with pytest.raises(OSError, match="disk"), upload_locks.hold("cat"):
        raise OSError("disk")

    assert not upload_locks.is_held("cat")
    acquire(upload_locks)
