"""List of the account's Assemblies at an engine.

Source: Transloadit docs, "Retrieve list of Assemblies".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from django.utils import timezone

from cattube.processing.transloadit.account import Account
from cattube.processing.transloadit.client import EngineClient, EngineUnreachable
from cattube.processing.transloadit.status.assembly_status import ASSEMBLY_ID


def assemblies_with(
    engine: EngineClient, account: Account, keywords: Sequence[str], *, since: datetime, most: int
) -> list[str]:
    """Ids of the newest Assemblies that have one of the keywords in a field, signed or not.

    since: of their creation. most: of the ids. Raises EngineUnreachable, also when the key may not list.
    """
    fields = account.signed_request(
        timezone.now(),
        keywords=list(keywords),
        fromdate=since.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"),
        pagesize=most,
    )
    http_status, answer = engine.request("GET", "/assemblies", fields=fields)
    items = answer.get("items")
    if http_status != 200 or not isinstance(items, list):
        raise EngineUnreachable(f"The list of Assemblies: HTTP {http_status} {answer.get('error', '')}")
    ids = [item.get("id") for item in items if isinstance(item, dict)]
    return [name for name in ids if isinstance(name, str) and ASSEMBLY_ID.fullmatch(name)][:most]
