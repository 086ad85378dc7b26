"""Who sends videos to the site, as a script does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True)
class Uploader:
    """Somebody who sends videos by the API of the web app at `address`."""

    address: str
    token: str

    def announce(self, *, title: str, size_bytes: int) -> dict[str, Any]:
        """A new record, and the signed options of its Assembly: `{"video", "assembly", …}`."""
        headers = {"Authorization": f"Bearer {self.token}"}
        fields = {"title": title, "size_bytes": size_bytes}
        answer = httpx.post(f"{self.address}/api/uploads", json=fields, headers=headers, timeout=60)
        answer.raise_for_status()
        made: dict[str, Any] = answer.json()
        return made
