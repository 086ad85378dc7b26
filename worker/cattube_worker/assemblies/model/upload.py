"""Files that clients send, and who works on them while they come."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cattube_worker.assemblies.model.base import Base
from cattube_worker.tus.concatenation import PARTIAL


class Upload(Base):
    """A file that a client sends, by tus or within a form. Its offset is the number of bytes on disk.

    place: grows within the assembly; uploads are shown and worked on in this order, because their ids are
    random.
    concat: the header Upload-Concat. A part of a file is not one of the assembly's files.
    host: name of the host that has its bytes; None where there is only one host.
    """

    __tablename__ = "uploads"

    id: Mapped[str] = mapped_column(primary_key=True)
    assembly_id: Mapped[str] = mapped_column(ForeignKey("assemblies.id"), index=True)
    place: Mapped[int]
    created_at: Mapped[float]
    filename: Mapped[str]
    fieldname: Mapped[str]
    user_meta: Mapped[dict[str, Any]]
    metadata_header: Mapped[str] = mapped_column(default="")
    concat: Mapped[str] = mapped_column(default="")
    size_bytes: Mapped[int | None]
    is_tus: Mapped[bool]
    host: Mapped[str | None]
    finished_at: Mapped[float | None]

    @property
    def is_part(self) -> bool:
        return self.concat == PARTIAL


class StreamingLease(Base):
    """A host that encodes an upload of another host while it arrives. node: of the plan, which it runs.

    Nothing belongs to it: when it ends, the upload is encoded as if nobody had begun.
    """

    __tablename__ = "streaming_leases"

    upload_id: Mapped[str] = mapped_column(primary_key=True)
    host: Mapped[str]
    node: Mapped[str]
    lease_until: Mapped[float]
