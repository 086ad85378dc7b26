"""/hosts and /metrics: who works, and what waits."""

from __future__ import annotations

import pytest

from cattube_worker.assemblies.hosts.hosts import RunningFact, check_in
from cattube_worker.version import VERSION

from ...conftest import SECRET, TestEngine


@pytest.fixture
def worker_host(engine: TestEngine) -> str:
    """Name of a host that has just reported, and that runs a job."""
    with engine.database.write() as session:
        check_in(
            session,
            name="worker-1",
            role="worker",
            version="0.1.0",
            started_at=0.0,
            clock_offset_seconds=1.5,
            ffmpeg_version=None,
            missing_encoders=["libx264"],
            running=[RunningFact("a" * 32, "resized", 0.5)],
        )
    return "worker-1"


def metrics(engine: TestEngine) -> dict[str, float]:
    """Values by name and labels, as Prometheus gets them with a token of its own."""
    credentials = {"grant_type": "client_credentials", "scope": "queues:read"}
    token = engine.client.post("/token", data=credentials, auth=("key", SECRET)).get_json()["access_token"]
    answer = engine.client.get("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    pairs = (line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in pairs}


def test_host_tells_what_it_is_and_what_it_runs(engine: TestEngine, worker_host: str) -> None:
    answer = engine.client.get("/hosts", query_string=engine.signed({})).get_json()

    (host,) = answer["hosts"]
    assert answer["version"] == VERSION
    assert (host["name"], host["role"], host["version"]) == (worker_host, "worker", "0.1.0")
    assert (host["is_present"], host["clock_offset_seconds"]) == (True, 1.5)
    assert (host["ffmpeg_version"], host["missing_encoders"]) == (None, ["libx264"])
    assert host["running"] == [{"assembly_id": "a" * 32, "node": "resized", "progress": 0.5}]


def test_engine_of_one_machine_has_queues_and_no_hosts(engine: TestEngine) -> None:
    answer = engine.client.get("/hosts", query_string=engine.signed({})).get_json()

    assert (answer["hosts"], answer["broker"]) == ([], None)
    assert [queue["queue"] for queue in answer["queues"]] == ["probe", "work", "batch", "speech"]


def test_engine_of_one_machine_says_what_it_runs(engine: TestEngine) -> None:
    with engine.jobs.running.register("job", "a" * 32, 1, node="resized") as job:
        job.report(0.5)
        answer = engine.client.get("/hosts", query_string=engine.signed({})).get_json()

    assert answer["running"] == [{"assembly_id": "a" * 32, "node": "resized", "progress": 0.5}]


def test_depth_and_age_of_a_queue_are_metrics(engine: TestEngine) -> None:
    before = metrics(engine)
    engine.upload(engine.assembly(), b"meow")
    engine.clock.advance(30)

    after = metrics(engine)

    assert before['cattube_queue_waiting_jobs{queue="probe"}'] == 0
    assert after['cattube_queue_waiting_jobs{queue="probe"}'] == 1
    assert after['cattube_queue_oldest_seconds{queue="probe"}'] == 30


def test_state_of_a_host_is_metrics(engine: TestEngine, worker_host: str) -> None:
    values = metrics(engine)

    about = 'cattube_host_info{host="worker-1",role="worker",version="0.1.0",ffmpeg=""}'
    assert values[about] == 1
    assert values['cattube_host_present{host="worker-1"}'] == 1
    assert values['cattube_host_running_jobs{host="worker-1"}'] == 1
    assert values['cattube_host_clock_offset_seconds{host="worker-1"}'] == 1.5
    assert values['cattube_host_missing_encoders{host="worker-1"}'] == 1


@pytest.mark.parametrize("path", ["/hosts", "/metrics"])
def test_d60_hosts_are_told_to_the_holder_of_the_secret_alone(engine: TestEngine, path: str) -> None:
    """Names and versions of machines are of use to whoever wants to get in."""
    unsigned = engine.client.get(path, query_string={"params": engine.signed({})["params"]})
    nobody = engine.client.get(path)

    assert (unsigned.status_code, unsigned.get_json()["error"]) == (400, "NO_SIGNATURE_FIELD")
    assert nobody.status_code == 400
