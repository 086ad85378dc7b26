"""Credentials in the database: what steps of templates need to reach other services."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from cattube_worker.assemblies.credentials.encryption import CredentialEncryption
from cattube_worker.assemblies.listing.conditions import contains_keyword, created_within
from cattube_worker.assemblies.model import StoredCredentials
from cattube_worker.assemblies.named_rows import find_row
from cattube_worker.errors import BadRequest
from cattube_worker.protocol.params.list_params import CredentialListParams

TYPES = (
    "ai", "azure", "backblaze", "cloudflare", "companion", "digitalocean", "dropbox", "ftp", "google", "http",
    "mega", "minio", "rackspace", "s3", "sftp", "supabase", "swift", "tigris", "vimeo", "wasabi", "youtube",
)  # fmt: skip
SORT_COLUMNS = {
    "id": StoredCredentials.id,
    "name": StoredCredentials.name,
    "created": StoredCredentials.created_at,
    "modified": StoredCredentials.modified_at,
}
SEARCHED = (StoredCredentials.id, StoredCredentials.name, StoredCredentials.type)


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """One set of credentials, decrypted. type: the service, one of TYPES."""

    id: str
    name: str
    type: str
    content: Mapping[str, Any] = field(repr=False)
    created_at: float
    modified_at: float


@dataclass(frozen=True, kw_only=True)
class CredentialsDraft:
    """Credentials to store. type: one of TYPES."""

    name: str
    type: str
    content: Mapping[str, Any] = field(repr=False)


def find(session: Session, encryption: CredentialEncryption, id_or_name: str) -> Credentials | None:
    """The credentials of that id or name. Raises CredentialsUnreadable."""
    row = _row(session, id_or_name)
    return None if row is None else _decrypt(row, encryption)


def find_page(
    session: Session, encryption: CredentialEncryption, params: CredentialListParams
) -> list[Credentials]:
    """The credentials of one page of the list. Raises CredentialsUnreadable."""
    # By name within the same moment: ids are random.
    columns = (SORT_COLUMNS[params.sort], StoredCredentials.name)
    order = (column.desc() if params.order == "desc" else column.asc() for column in columns)
    query = select(StoredCredentials).where(*_conditions(params)).order_by(*order)
    rows = session.scalars(query.offset(params.offset).limit(params.pagesize))
    return [_decrypt(row, encryption) for row in rows]


def add(
    session: Session, encryption: CredentialEncryption, draft: CredentialsDraft, *, now: float
) -> Credentials:
    """The new credentials. Raises BadRequest when the name is taken."""
    if _row(session, draft.name) is not None:
        raise _name_taken(draft.name, "TEMPLATE_CREDENTIALS_NOT_CREATED")
    row = StoredCredentials(
        id=uuid.uuid4().hex,
        name=draft.name,
        type=draft.type,
        sealed=encryption.encrypt(draft.content),
        created_at=now,
        modified_at=now,
    )
    session.add(row)
    return _decrypt(row, encryption)


def change(
    session: Session,
    encryption: CredentialEncryption,
    id_or_name: str,
    draft: CredentialsDraft,
    *,
    now: float,
) -> Credentials:
    """The credentials after the change. Raises BadRequest."""
    row = _row(session, id_or_name)
    if row is None:
        raise missing(id_or_name, "TEMPLATE_CREDENTIALS_NOT_UPDATED")
    other = _row(session, draft.name)
    if other is not None and other.id != row.id:
        raise _name_taken(draft.name, "TEMPLATE_CREDENTIALS_NOT_UPDATED")
    row.name, row.type = draft.name, draft.type
    row.sealed, row.modified_at = encryption.encrypt(draft.content), now
    return _decrypt(row, encryption)


def remove(session: Session, id_or_name: str) -> None:
    """Delete the credentials. Raises BadRequest."""
    row = _row(session, id_or_name)
    if row is None:
        raise missing(id_or_name, "TEMPLATE_CREDENTIALS_NOT_DELETED")
    session.delete(row)


def missing(id_or_name: str, code: str) -> BadRequest:
    """Error for a request that names credentials which do not exist."""
    return BadRequest(f"There are no credentials {id_or_name[:100]!r}.", code=code)


def _name_taken(name: str, code: str) -> BadRequest:
    return BadRequest(f'There are credentials called "{name}" already.', code=code)


def _conditions(params: CredentialListParams) -> Iterator[ColumnElement[bool]]:
    yield from created_within(StoredCredentials.created_at, params)
    if params.keywords:
        yield contains_keyword(SEARCHED, params.keywords)


def _row(session: Session, id_or_name: str) -> StoredCredentials | None:
    return find_row(session, StoredCredentials, id_or_name)


def _decrypt(row: StoredCredentials, encryption: CredentialEncryption) -> Credentials:
    return Credentials(
        id=row.id,
        name=row.name,
        type=row.type,
        content=encryption.decrypt(row.sealed),
        created_at=row.created_at,
        modified_at=row.modified_at,
    )
