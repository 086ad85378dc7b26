"""Holding an answer back until the assembly is as far as the client wants to wait for."""

from __future__ import annotations

import time
from typing import Any

from cattube_worker.assemblies.model import Assembly
from cattube_worker.assemblies.repository import Snapshot
from cattube_worker.assemblies.senders.sender import Sender
from cattube_worker.execution.statuses.statuses import Statuses
from cattube_worker.protocol.params.await_params import Milestone, is_reached
from cattube_worker.routes.requests.client_address import own_network

POLL_SECONDS = 1.0
# Clients and proxies give a silent connection up after a minute; the status then says how far it is.
LONGEST_SECONDS = 50.0


def watching_holders(assembly: Assembly) -> tuple[str, ...]:
    """Those for whom a request that watches this assembly counts: the assembly, its owner, the address."""
    return (assembly.id, *Sender(owner=assembly.owner, network=own_network()).holders)


def wait_for_status(statuses: Statuses, snapshot: Snapshot, milestone: Milestone) -> dict[str, Any]:
    """The status once `milestone` is reached; the present one if that takes too long or too many wait.

    snapshot: of the assembly as it was just now.
    """
    assembly_id = snapshot.assembly.id
    status = statuses.view.document(snapshot)
    if is_reached(milestone, status):
        return status
    holders = watching_holders(snapshot.assembly)
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
