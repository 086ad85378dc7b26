"""Holding an answer back until the assembly is as far as the client wants to wait for."""

from __future__ import annotations

import time
from typing import Any

from cattube_worker.execution.statuses import Statuses
from cattube_worker.protocol.await_params import Milestone, is_reached
from cattube_worker.routes.client_address import holders_of

POLL_SECONDS = 1.0
# Clients and proxies give a silent connection up after a minute; the status then says how far it is.
LONGEST_SECONDS = 50.0


def watching_holders(assembly_id: str) -> tuple[str, ...]:
    """Those for whom a request that watches this assembly counts: the assembly, its owner, the address."""
    return (assembly_id, *holders_of(assembly_id))


def wait_for_status(statuses: Statuses, assembly_id: str, milestone: Milestone) -> dict[str, Any]:
    """The status once `milestone` is reached; the present one if that takes too long or too many wait."""
    status = statuses.document(assembly_id)
    if is_reached(milestone, status):
        return status
    holders = watching_holders(assembly_id)
    if not statuses.watchers.take(holders):
        return status
    started_at = time.monotonic()
    try:
        with statuses.changes.watch(assembly_id) as watch:
            while not is_reached(milestone, status := statuses.document(assembly_id)):
                if statuses.changes.is_closed or time.monotonic() - started_at > LONGEST_SECONDS:
                    break
                watch.wait(POLL_SECONDS)
    finally:
        statuses.watchers.give_back(holders)
    return status
