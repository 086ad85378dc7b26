"""Credentials as clients write and read them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cattube_worker.assemblies.credentials.stored_credentials import TYPES, Credentials, CredentialsDraft
from cattube_worker.assemblies.named_rows import LONGEST_NAME, is_name
from cattube_worker.errors import BadRequest
from cattube_worker.protocol.dates import list_date


def read_credentials(document: Mapping[str, Any], *, code: str) -> CredentialsDraft:
    """The credentials in the params of a request.

    Raises BadRequest with `code`, whose message says nothing of the content.
    """
    name, service, content = (document.get(key) for key in ("name", "type", "content"))
    if not is_name(name):
        raise BadRequest(f"The name of credentials is text of 1 to {LONGEST_NAME} characters.", code=code)
    if service not in TYPES:
        raise BadRequest(f"The type of credentials is one of {', '.join(TYPES)}.", code=code)
    if not isinstance(content, dict) or not content:
        raise BadRequest("The content of credentials is an object that holds something.", code=code)
    return CredentialsDraft(name=name, type=str(service), content=content)


def credentials_record(credentials: Credentials) -> dict[str, Any]:
    """The answer to GET /template_credentials/:id, for the holder of the engine's secret alone."""
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
