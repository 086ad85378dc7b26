"""The hosts of an engine, as it tells them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from cattube.processing.transloadit.account import Account
from cattube.processing.transloadit.client import EngineClient, EngineUnreachable
from cattube.processing.transloadit.hosts import EngineLoad, Queue, RunningJob, read_load

HOST = {
    "name": "worker-1",
    "role": "worker",
    "version": "0.2.0",
    "started_at": 1_800_000_000.0,
    "seen_at": 1_800_000_060.0,
    "is_present": True,
    "clock_offset_seconds": 0.25,
    "ffmpeg_version": None,
    "missing_encoders": ["libx264"],
    "takes_jobs": False,
    "running": [{"assembly_id": "a" * 32, "node": "resized", "progress": 0.57}],
}
QUEUE = {"queue": "work", "waiting": 3, "running": 1, "oldest_seconds": 12.5}
RUNNING = {"assembly_id": "b" * 32, "node": "encoded", "progress": 0.1}
ANSWER = {
    "ok": "HOSTS_FOUND",
    "version": "0.2.0",
    "hosts": [HOST],
    "queues": [QUEUE],
    "running": [RUNNING],
    "broker": "Connection refused",
}


def load_of(answer: Any, http_status: int = 200) -> EngineLoad | None:
    transport = httpx.MockTransport(lambda _: httpx.Response(http_status, json=answer))
    engine = EngineClient("http://engine.example", transport=transport)
    try:
        return read_load(engine, Account("k", "s"))
    finally:
        engine.close()


def test_hosts_and_queues_are_read() -> None:
    load = load_of(ANSWER)

    assert load is not None
    (host,) = load.hosts
    assert (host.name, host.role, host.is_present, host.ffmpeg_version) == ("worker-1", "worker", True, "")
    assert (host.seen_at.isoformat(), host.missing_encoders) == ("2027-01-15T08:01:00+00:00", ("libx264",))
    assert host.running == (RunningJob("a" * 32, "resized", 57),)
    assert load.queues == (Queue("work", 3, 1, 12.5),)
    assert (host.takes_jobs, load.running) == (False, (RunningJob("b" * 32, "encoded", 10),))
    assert load.broker_problem == "Connection refused"


def test_engine_of_an_earlier_release_tells_less() -> None:
    known = {name: ANSWER[name] for name in ("ok", "version", "hosts", "queues")}
    hosts = [{name: value for name, value in HOST.items() if name != "takes_jobs"}]

    load = load_of({**known, "hosts": hosts})

    assert load is not None
    assert (load.hosts[0].takes_jobs, load.running, load.broker_problem) == (True, (), "")


def test_engine_that_has_no_such_list_has_no_hosts_to_show() -> None:
    assert load_of({"error": "SERVER_404"}, 404) is None


@pytest.mark.parametrize(
    ("answer", "http_status"),
    [
        ({"error": "INVALID_SIGNATURE"}, 401),
        ({"ok": "HOSTS_FOUND"}, 200),
        ({**ANSWER, "hosts": [{**HOST, "seen_at": "today"}]}, 200),
        ({**ANSWER, "queues": "many"}, 200),
    ],
    ids=["refused", "no hosts", "no time", "no queues"],
)
def test_answer_that_cannot_be_read_is_an_engine_that_does_not_tell(
    answer: dict[str, Any], http_status: int
) -> None:
    with pytest.raises(EngineUnreachable):
        load_of(answer, http_status)
