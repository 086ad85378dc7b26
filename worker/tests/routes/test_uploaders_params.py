"""Params that a site signed for a browser to upload with: they make one assembly, and open nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from ..conftest import UPLOAD_ONLY, TestEngine

# Without bounds too, as sites of others may sign them.
BOUNDED: dict[str, Any] = {"steps": UPLOAD_ONLY, "auth": {"max_size": 1000, "max_number_of_files": 1}}
ONLY_BOUNDS: dict[str, Any] = {"auth": {"max_size": 1000}}
UNBOUNDED: dict[str, Any] = {"steps": UPLOAD_ONLY, "fields": {"owner": "mallory"}}


def ended(engine: TestEngine) -> str:
    """The id of somebody else's assembly, which ended long ago."""
    assembly = engine.assembly(fields={"owner": "alice"})
    engine.upload(assembly, b"meow")
    engine.work()
    engine.clock.advance(2 * 3600)
    return str(assembly["assembly_id"])


@pytest.mark.parametrize(
    "document", [BOUNDED, ONLY_BOUNDS, UNBOUNDED], ids=["bounded", "bounds", "unbounded"]
)
@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("GET", "/assemblies"),
        ("GET", "/assemblies/{ended}"),
        ("DELETE", "/assemblies/{ended}"),
        ("GET", "/assembly_notifications/{ended}"),
        ("GET", "/templates"),
        ("POST", "/templates"),
        ("DELETE", "/templates/cattube"),
        ("GET", "/template_credentials"),
        ("POST", "/template_credentials"),
        ("GET", "/bill/2026-11"),
        ("GET", "/queues/job_slots"),
    ],
)
def test_m47_params_of_an_uploader_open_nothing_of_the_account(
    engine: TestEngine, verb: str, path: str, document: dict[str, Any]
) -> None:
    """M47: with the list of assemblies, every uploader had the ids of all others."""
    path = path.format(ended=ended(engine))
    auth = {**document.get("auth", {}), "expires": "2027/01/21 00:00:00+00:00"}
    fields = engine.signed({**document, "auth": auth})
    sent: dict[str, Any] = {"query_string": fields} if verb == "GET" else {"data": fields}

    answer = engine.client.open(path, method=verb, **sent)

    assert answer.status_code == 403
    assert answer.get_json()["error"] == "SERVER_403"


@pytest.mark.parametrize("path", ["/assemblies/{ended}/replay", "/assembly_notifications/{ended}/replay"])
def test_m47_uploader_replays_nobodys_files(engine: TestEngine, path: str) -> None:
    """M47: with fields of its own, a replay made somebody's private file a video of the uploader's."""
    assembly_id = ended(engine)

    answer = engine.client.post(path.format(ended=assembly_id), data=engine.signed(BOUNDED))

    assert answer.status_code == 403
