"""Nonces of signed requests: with each, one assembly is created."""

from __future__ import annotations

import hashlib
import json

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from cattube_worker.assemblies.model import UsedNonce
from cattube_worker.errors import BadRequest
from cattube_worker.protocol.params.auth import Auth

# Made once, for every creation needs it: to make a query costs as much as to execute it.
_NONCE = select(UsedNonce.digest).where(UsedNonce.digest == bindparam("digest"))


def use(session: Session, auth: Auth) -> None:
    """Keep the nonce of a request that is carried out, if it has one. Raises BadRequest for one of before."""
    digest = _digest(auth)
    if digest is None or auth.expires is None:
        return
    if _is_used(session, digest):
        raise _reused()
    session.add(UsedNonce(digest=digest, expires_at=auth.expires))


def check_unused(session: Session, auth: Auth) -> None:
    """Check that no request with this nonce was carried out. Writes nothing. Raises BadRequest."""
    digest = _digest(auth)
    if digest is not None and _is_used(session, digest):
        raise _reused()


def _is_used(session: Session, digest: str) -> bool:
    return session.scalar(_NONCE, {"digest": digest}) is not None


def _digest(auth: Auth) -> str | None:
    """The nonce as it is kept; None where there is none, or the request never expires."""
    if auth.nonce is None or auth.expires is None:
        return None
    return hashlib.sha256(json.dumps([auth.key, auth.nonce]).encode()).hexdigest()


def _reused() -> BadRequest:
    return BadRequest(
        "These params were used before. Sign new ones for every assembly.", code="SIGNATURE_REUSE_DETECTED"
    )
