"""Whose turn it is to write to an upload."""

from __future__ import annotations

import pytest

from cattube_worker.tus import locks
from cattube_worker.tus.locks import Turn, UploadLocks
from cattube_worker.tus.protocol import UploadLocked


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "WAIT_FOR_WRITER_SECONDS", 0.01)
    monkeypatch.setattr(locks, "WAIT_FOR_INTERRUPTED_SECONDS", 0.01)


def ask_for_turn(upload_locks: UploadLocks, *, interrupt: bool = False) -> None:
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
def test_who_holds_an_upload_is_told_to_let_go_only_when_it_should(
    monkeypatch: pytest.MonkeyPatch, silent_seconds: float, interrupt: bool, is_interrupted: bool
) -> None:
    """T04"""
    monkeypatch.setattr(Turn, "silent_seconds", silent_seconds)
    upload_locks, heard = UploadLocks(), list[str]()
    with upload_locks.hold("cat") as turn:
        turn.on_interrupt(lambda: heard.append("let go"))

        with pytest.raises(UploadLocked):
            ask_for_turn(upload_locks, interrupt=interrupt)

        assert (turn.is_interrupted, bool(heard)) == (is_interrupted, is_interrupted)
    ask_for_turn(upload_locks)


def test_turn_is_free_again_after_a_failure() -> None:
    upload_locks = UploadLocks()
    with pytest.raises(OSError, match="disk"), upload_locks.hold("cat"):
        raise OSError("disk")

    assert not upload_locks.is_held("cat")
    ask_for_turn(upload_locks)
