"""Locks of uploads: who is interrupted, and when a lock is free again."""

from __future__ import annotations

import time

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
    with upload_locks.hold("cat") as lock, lock.receiving(lambda: woken.append("let go")):
        with pytest.raises(UploadLocked):
            acquire(upload_locks, interrupt=interrupt)

        assert (lock.is_interrupted, bool(woken)) == (is_interrupted, is_interrupted)
    acquire(upload_locks)


@pytest.mark.parametrize(
    ("blocks", "is_cut"),
    [
        pytest.param([1000, 1000], False, id="slow but steady"),
        pytest.param([0, 5000], False, id="a pause within the window"),
        pytest.param([1, 1], True, id="drops"),
        pytest.param([100_000, 1, 1, 1], True, id="drops after a good start"),
    ],
)
def test_m39_sender_is_cut_only_when_a_whole_window_brings_too_little(
    monkeypatch: pytest.MonkeyPatch, blocks: list[int], is_cut: bool
) -> None:
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    upload_locks, woken = UploadLocks(), list[str]()
    with upload_locks.hold("cat") as lock, lock.receiving(lambda: woken.append("let go")) as rate:
        for count in blocks:
            clock[0] += 30
            rate.received_bytes += count
            upload_locks.cut_slow(20, window_seconds=60, now=clock[0])

        assert bool(woken) == is_cut
        assert not lock.is_interrupted


def test_m39_request_that_has_its_bytes_is_not_cut_while_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    upload_locks, woken = UploadLocks(), list[str]()
    with upload_locks.hold("cat") as lock:
        with lock.receiving(lambda: woken.append("let go")):
            pass

        upload_locks.cut_slow(20, window_seconds=60, now=time.monotonic() + 3600)

    assert woken == []


def test_lock_is_free_again_after_a_failure() -> None:
    upload_locks = UploadLocks()
    with pytest.raises(OSError, match="disk"), upload_locks.hold("cat"):
        raise OSError("disk")

    assert not upload_locks.is_held("cat")
    acquire(upload_locks)
