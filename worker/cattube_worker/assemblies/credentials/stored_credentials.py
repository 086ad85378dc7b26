"""Credentials for foreign services that clients store for the steps of their templates."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from cattube_worker.assemblies.credentials.encryption import CredentialEncryption
from cattube_worker.assemblies.model import StoredCredentials
from cattube_worker.errors import BadRequest
from cattube_worker.protocol.list_params import CredentialListParams

TYPES = (
    "ai", "azure", "backblaze", "cloudflare", "companion", "digitalocean", "dropbox", "ftp", "google", "http",
    "mega", "minio", "rackspace", "s3", "sftp", "supabase", "swift", "tigris", "vimeo", "wasabi", "youtube",
)  # fmt: skip
SORTS = {
    "id": StoredCredentials.id,
    "name": StoredCredentials.name,
    "created": StoredCredentials.created_at,
    "modified": StoredCredentials.modified_at,
}


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """One set of credentials, open. type: of the service, one of TYPES."""

    id: str
    name: str
    type: str
    content: Mapping[str, Any] = field(repr=False)
    created_at: float
    modified_at: float


@dataclass(frozen=True, kw_only=True)
class CredentialsDraft:
    """Credentials as somebody wants them to be."""

    name: str
    type: str
    content: Mapping[str, Any] = field(repr=False)


def find(session: Session, encryption: CredentialEncryption, wanted: str) -> Credentials | None:
    """The credentials of that id or name. Raises VaultClosed."""
    row = _row(session, wanted)
    return None if row is None else _opened(row, encryption)


def find_page(
    session: Session, encryption: CredentialEncryption, wanted: CredentialListParams
) -> list[Credentials]:
    """The credentials of the page that was asked for. Raises VaultClosed."""
    column = SORTS[wanted.sort]
    # Names, for what was made in the same moment: ids are random.
    order = (
        each.desc() if wanted.order == "desc" else each.asc() for each in (column, StoredCredentials.name)
    )
    query = select(StoredCredentials).where(*_conditions(wanted)).order_by(*order)
    rows = session.scalars(query.offset(wanted.offset).limit(wanted.pagesize))
    return [_opened(row, encryption) for row in rows]


def add(
    session: Session, encryption: CredentialEncryption, draft: CredentialsDraft, *, now: float
) -> Credentials:
    """The new credentials. Raises BadRequest when the name is taken."""
    if _row(session, draft.name) is not None:
        raise _taken(draft.name, "TEMPLATE_CREDENTIALS_NOT_CREATED")
    row = StoredCredentials(
        id=uuid.uuid4().hex,
        name=draft.name,
        type=draft.type,
        sealed=encryption.seal(draft.content),
        created_at=now,
        modified_at=now,
    )
    session.add(row)
    return _opened(row, encryption)


def change(
    session: Session, encryption: CredentialEncryption, wanted: str, draft: CredentialsDraft, *, now: float
) -> Credentials:
    """The credentials as they are from now on. Raises BadRequest."""
    row = _row(session, wanted)
    if row is None:
        raise missing(wanted, "TEMPLATE_CREDENTIALS_NOT_UPDATED")
    other = _row(session, draft.name)
    if other is not None and other.id != row.id:
        raise _taken(draft.name, "TEMPLATE_CREDENTIALS_NOT_UPDATED")
    row.name, row.type, row.sealed, row.modified_at = (
        draft.name,
        draft.type,
        encryption.seal(draft.content),
        now,
    )
    return _opened(row, encryption)


def remove(session: Session, wanted: str) -> None:
    """Forget the credentials. Raises BadRequest."""
    row = _row(session, wanted)
    if row is None:
        raise missing(wanted, "TEMPLATE_CREDENTIALS_NOT_DELETED")
    session.delete(row)


def missing(wanted: str, code: str) -> BadRequest:
    """The answer to a request for credentials that are not there."""
    return BadRequest(f"There are no credentials {wanted[:100]!r}.", code=code)


def _taken(name: str, code: str) -> BadRequest:
    return BadRequest(f'There are credentials called "{name}" already.', code=code)


def _conditions(wanted: CredentialListParams) -> Iterator[ColumnElement[bool]]:
    if wanted.fromdate is not None:
        yield StoredCredentials.created_at >= wanted.fromdate
    if wanted.todate is not None:
        # To the second, as the date is written.
        yield StoredCredentials.created_at < wanted.todate + 1
    if wanted.keywords:
        texts = (StoredCredentials.id, StoredCredentials.name, StoredCredentials.type)
        yield or_(*(text.icontains(each, autoescape=True) for text in texts for each in wanted.keywords))


def _row(session: Session, wanted: str) -> StoredCredentials | None:
    by_id = session.get(StoredCredentials, wanted)
    return by_id or session.scalar(select(StoredCredentials).filter_by(name=wanted))


def _opened(row: StoredCredentials, encryption: CredentialEncryption) -> Credentials:
    return Credentials(
        id=row.id,
        name=row.name,
        type=row.type,
        content=encryption.open(row.sealed),
        created_at=row.created_at,
        modified_at=row.modified_at,
    )
