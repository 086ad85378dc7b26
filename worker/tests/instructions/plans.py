"""Steps in short, and the plans they compile to."""

from __future__ import annotations

from typing import Any

from cattube_worker.instructions.plan import Plan, compile_plan
from cattube_worker.instructions.steps import read_steps


def plan(**steps: dict[str, Any]) -> Plan:
    return compile_plan(read_steps(steps))


def names(compiled: Plan) -> list[str]:
    return [node.name for node in compiled.nodes]


def encode(use: object = ":original", **parameters: Any) -> dict[str, Any]:
    return {"robot": "/video/encode", "use": use, **parameters}


def thumbs(use: object = ":original", **parameters: Any) -> dict[str, Any]:
    return {"robot": "/video/thumbs", "use": use, **parameters}


def store(use: object) -> dict[str, Any]:
    return {"robot": "/s3/store", "use": use, "credentials": "cattube"}
