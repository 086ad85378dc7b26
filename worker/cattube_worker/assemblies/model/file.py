"""Files of an assembly: uploads that were probed, and results."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cattube_worker.assemblies.model.base import Base, RowNumber


class File(Base):
    """A probed upload, or a result. `number` keeps the order in which they came."""

    __tablename__ = "files"

    number: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    assembly_id: Mapped[str] = mapped_column(ForeignKey("assemblies.id"), index=True)
    document: Mapped[dict[str, Any]]
