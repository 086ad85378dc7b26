"""Which store a step writes to or reads from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from cattube_worker.storage import AccessDenied

from ...conftest import TestEngine

OWN = {
    "/s3/store": {"bucket": "cats", "key": "id", "secret": "canary", "bucket_region": "eu-west-1"},
    "/backblaze/store": {"bucket": "cats", "app_key_id": "id", "app_key": "canary"},
}


def stored(engine: TestEngine, robot: str, **parameters: Any) -> dict[str, Any]:
    assembly = engine.assembly(
        steps={"kept": {"robot": robot, "use": ":original", "path": "x", **parameters}}
    )
    engine.upload(assembly, b"meow")
    engine.work()
    return engine.status(assembly)


@pytest.mark.parametrize("robot", OWN)
def test_a_step_may_bring_its_own_credentials(engine: TestEngine, robot: str) -> None:
    opened = []

    def open_store(content: Mapping[str, Any]) -> Any:
        opened.append(dict(content))
        return engine.parts.files.local_store

    kinds = dict.fromkeys(("s3", "backblaze"), open_store)
    engine.use_stores(replace(engine.parts.files.resources.stores, open_by_type=kinds))

    status = stored(engine, robot, **OWN[robot])

    assert status["ok"] == "ASSEMBLY_COMPLETED", status["message"]
    assert opened == [OWN[robot]]


@pytest.mark.parametrize("robot", OWN)
def test_a_bucket_that_refuses_is_named_by_transloadits_code(engine: TestEngine, robot: str) -> None:
    def refuse(_: Mapping[str, Any]) -> Any:
        raise AccessDenied("The bucket does not let these credentials in.")

    kinds = dict.fromkeys(("s3", "backblaze"), refuse)
    engine.use_stores(replace(engine.parts.files.resources.stores, open_by_type=kinds))

    code = robot.strip("/").replace("/", "_").upper() + "_ACCESS_DENIED"
    assert stored(engine, robot, **OWN[robot])["error"] == code
