"""SDKs at a busy engine: they wait as long as it says, and go on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from transloadit import assembly as sdk_assembly
from transloadit.client import Transloadit

from ..conftest import SECRET
from ..server.conftest import Server, start


@pytest.fixture
def full_engine(tmp_path: Path) -> Iterator[tuple[Server, str]]:
    """An engine that waits for all the uploads it can wait for; the path of the assembly they are for."""
    server = start(tmp_path, MAX_WAITING_ASSEMBLIES="1")
    yield server, f"/assemblies/{server.assembly()['assembly_id']}"
    server.stop()


def test_sdk_waits_as_long_as_it_is_told_and_then_goes_on(
    full_engine: tuple[Server, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """W21"""
    server, waiting = full_engine
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        assert server.tus("DELETE", waiting)[0] == 200

    monkeypatch.setattr(sdk_assembly, "sleep", wait)
    assembly = Transloadit("key", SECRET, service=server.url).new_assembly()
    assembly.add_step(":original", "/upload/handle", {})

    status = assembly.create(resumable=False).data

    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert waits == [5]
