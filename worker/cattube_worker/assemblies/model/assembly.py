"""Assemblies, and how each change of them is seen."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from cattube_worker.assemblies.model.base import Base
from cattube_worker.assemblies.senders.sender import Sender

UPLOADING, EXECUTING = "uploading", "executing"
COMPLETED, CANCELED, FAILED = "completed", "canceled", "failed"
FINAL_STATES = frozenset({COMPLETED, CANCELED, FAILED})


class Assembly(Base):
    """One run of instructions over uploaded files.

    owner, video, network: of its Sender. The network is forgotten when the assembly ends.
    """

    __tablename__ = "assemblies"
    __table_args__ = (
        Index("assemblies_by_state", "state", "created_at"),
        Index("assemblies_by_creation", "created_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    parent_id: Mapped[str | None]
    state: Mapped[str]
    created_at: Mapped[float]
    base_url: Mapped[str]
    auth_key: Mapped[str]
    # By the account's secret or one of its tokens, as opposed to anybody.
    is_signed: Mapped[bool] = mapped_column(default=True)
    owner: Mapped[str | None]
    video: Mapped[str | None]
    network: Mapped[str | None]
    params: Mapped[str]
    template_id: Mapped[str | None]
    template_name: Mapped[str | None]
    template: Mapped[str | None]
    merged_params: Mapped[str]
    steps: Mapped[str]
    fields: Mapped[dict[str, Any]]
    notify_url: Mapped[str | None]
    transloadit_client: Mapped[str | None]
    expected_uploads: Mapped[int]
    max_files: Mapped[int]
    max_size_bytes: Mapped[int]
    warnings: Mapped[list[Any]] = mapped_column(default=list)
    ignored_errors: Mapped[list[Any]] = mapped_column(default=list)
    uploading_ended_at: Mapped[float | None]
    execution_started_at: Mapped[float | None]
    ended_at: Mapped[float | None]
    tidied_at: Mapped[float | None]
    error_code: Mapped[str | None]
    error_message: Mapped[str | None]
    error_details: Mapped[dict[str, Any]] = mapped_column(default=dict)

    @property
    def is_final(self) -> bool:
        return self.state in FINAL_STATES

    @property
    def sender(self) -> Sender:
        return Sender(owner=self.owner, video=self.video, network=self.network)


class AssemblyVersion(Base):
    """A random number that is another one after each change of an assembly or of a row that belongs to it.

    Triggers of the database renew it, so no writer can forget to: see migrations/version_triggers.py.
    """

    __tablename__ = "assembly_versions"

    assembly_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
