"""What clients store for later requests: templates and credentials."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from cattube_worker.assemblies.model.base import Base


class StoredTemplate(Base):
    """A template that a client stored. content: JSON text. Both expiries are as the client wrote them."""

    __tablename__ = "templates"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    content: Mapped[str]
    require_signature: Mapped[bool]
    status_expiry: Mapped[str | None]
    result_expiry: Mapped[str | None]
    created_at: Mapped[float]
    modified_at: Mapped[float]
    last_used_at: Mapped[float | None]


class StoredCredentials(Base):
    """Credentials for another service. sealed: their content, encrypted."""

    __tablename__ = "template_credentials"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    type: Mapped[str]
    sealed: Mapped[str]
    created_at: Mapped[float]
    modified_at: Mapped[float]
