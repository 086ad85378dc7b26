"""Jobs, and how worker hosts hear of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from cattube_worker.assemblies.model.base import Base, RowNumber
from cattube_worker.assemblies.model.queues import WORK


class Job(Base):
    """A run of one node of the plan over some files, and the lease of the worker that runs it.

    queue: PROBE, WORK, BATCH or SPEECH. host: the only one that may run it; None for any. inputs: ids of
    files, with commas between them. state: "waiting", "running", "done" or "failed". declined_by: hosts that
    lack what it needs, with a comma before and after each. fence: grows with every claim; only the latest
    claim's results count. owner: of the assembly, "" for nobody. is_new: no other job of the assembly in the
    queue WORK had begun when this one began to wait, or has since; always of a part.
    part_of, part: of a job for a part of a video, the id of the job for the whole, and the work, as
    `job_parts.Part` has it. Of the job for the whole, part says how it is run.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("assembly_id", "node", "inputs"),
        Index("jobs_by_state", "state", "created_at"),
        Index("jobs_by_turn", "queue", "state", "is_new", "due_at", "created_at", "id"),
        Index("jobs_by_person", "queue", "state", "is_new", "owner", "due_at", "created_at", "id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    assembly_id: Mapped[str] = mapped_column(ForeignKey("assemblies.id"), index=True)
    node: Mapped[str]
    queue: Mapped[str] = mapped_column(default=WORK)
    host: Mapped[str | None]
    owner: Mapped[str] = mapped_column(default="", server_default="")
    is_new: Mapped[bool] = mapped_column(default=True, server_default=true())
    inputs: Mapped[str]
    state: Mapped[str]
    created_at: Mapped[float]
    due_at: Mapped[float]
    attempt: Mapped[int] = mapped_column(default=0)
    declined_by: Mapped[str] = mapped_column(default="", server_default="")
    fence: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None]
    lease_until: Mapped[float | None]
    progress: Mapped[float] = mapped_column(default=0.0)
    ended_at: Mapped[float | None]
    part_of: Mapped[str | None] = mapped_column(index=True)
    part: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    @property
    def input_ids(self) -> tuple[str, ...]:
        return tuple(self.inputs.split(",")) if self.inputs else ()


class Announcement(Base):
    """A job that begins to wait, until worker hosts were told. Triggers write it, so no writer can forget to.

    See migrations/announcement_triggers.py.
    """

    __tablename__ = "announcements"

    number: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    job_id: Mapped[str]
