"""Hosts: those that take uploads, and all that work."""

from __future__ import annotations

from typing import Any

from sqlalchemy import true
from sqlalchemy.orm import Mapped, mapped_column

from cattube_worker.assemblies.model.base import Base


class IngestHost(Base):
    """A host that takes uploads, and the address under which the other hosts reach it (INTERNAL_URL)."""

    __tablename__ = "ingest_hosts"

    name: Mapped[str] = mapped_column(primary_key=True)
    internal_url: Mapped[str]


class Host(Base):
    """A host that works on this database, as it last reported. There are none on a site of one machine.

    role: "ingest" or "worker". takes_jobs: also those that any host may run. clock_offset_seconds: how far
    its clock is ahead of the database's. ffmpeg_version: None where there is no ffmpeg that works. running:
    its jobs, as `hosts.RunningFact`s.
    """

    __tablename__ = "hosts"

    name: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]
    version: Mapped[str]
    started_at: Mapped[float]
    seen_at: Mapped[float]
    clock_offset_seconds: Mapped[float]
    ffmpeg_version: Mapped[str | None]
    missing_encoders: Mapped[list[Any]] = mapped_column(default=list)
    takes_jobs: Mapped[bool] = mapped_column(default=True, server_default=true())
    running: Mapped[list[Any]] = mapped_column(default=list)
