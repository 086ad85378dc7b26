"""Who has a job's lease: `host:process:runner`. Pure."""

from __future__ import annotations


def lease_owner(host: str, process: int, runner: str) -> str:
    return f"{host}:{process}:{runner}"


def host_of(owner: str | None) -> str | None:
    """Name of the host, None where nobody has the lease. A name may hold colons, as an address does."""
    return owner.rsplit(":", 2)[0] if owner else None
