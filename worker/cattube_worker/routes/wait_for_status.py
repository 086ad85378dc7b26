"""Holding an answer back until the assembly is as far as the client wants to wait for."""

from __future__ import annotations

import time
from typing import Any

from cattube_worker.engine import Engine
from cattube_worker.protocol.await_params import Milestone, is_reached

LOOK_SECONDS = 1.0
# Clients and proxies give a silent connection up after a minute; the status then says how far it is.
LONGEST_SECONDS = 50.0


def awaited_status(engine: Engine, assembly_id: str, milestone: Milestone) -> dict[str, Any]:
    """The status once `milestone` is reached; the present one if that takes too long or too many wait."""
    status = engine.status(assembly_id)
    if is_reached(milestone, status) or not engine.stream_slots.acquire(blocking=False):
        return status
    started = time.monotonic()
    try:
        with engine.changes.watch(assembly_id) as watch:
            while not is_reached(milestone, status := engine.status(assembly_id)):
                if engine.changes.is_closed or time.monotonic() - started > LONGEST_SECONDS:
                    break
                watch.wait(LOOK_SECONDS)
    finally:
        engine.stream_slots.release()
    return status
