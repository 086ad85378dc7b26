"""Credentials as clients write and read them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cattube_worker.assemblies.credentials.stored_credentials import TYPES, Credentials, CredentialsDraft
from cattube_worker.errors import BadRequest
from cattube_worker.protocol.dates import list_date

LONGEST_NAME = 255


def read_credentials(document: Mapping[str, Any], *, code: str) -> CredentialsDraft:
    """The credentials in the params of a request. Raises BadRequest that does not tell the content."""
    name, kind, content = (document.get(key) for key in ("name", "type", "content"))
    if not isinstance(name, str) or not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise BadRequest(f"The name of credentials is text of 1 to {LONGEST_NAME} characters.", code=code)
    if kind not in TYPES:
        raise BadRequest(f"The type of credentials is one of {', '.join(TYPES)}.", code=code)
    if not isinstance(content, dict) or not content:
        raise BadRequest("The content of credentials is an object that holds something.", code=code)
    return CredentialsDraft(name=name, type=str(kind), content=content)


def credentials_record(credentials: Credentials) -> dict[str, Any]:
    """Credentials with all that is known of them: for the holder of the engine's secret alone."""
    return {
        "id": credentials.id,
        "account_id": None,
        "name": credentials.name,
        "type": credentials.type,
        "content": credentials.content,
        "created": list_date(credentials.created_at),
        "modified": list_date(credentials.modified_at),
        "deleted": None,
        "stringified": json.dumps(credentials.content, ensure_ascii=False),
    }
