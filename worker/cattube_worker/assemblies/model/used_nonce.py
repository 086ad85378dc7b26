"""What a signed request may not say twice."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from cattube_worker.assemblies.model.base import Base


class UsedNonce(Base):
    """A nonce of a signed request, kept until that request expires. digest: of the auth key and the nonce."""

    __tablename__ = "used_nonces"

    digest: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[float] = mapped_column(index=True)
