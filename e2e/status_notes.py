"""The status documents that browsers get from an engine, noted for a look at all of them in the end."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Error, Request
from servers.sdk_schema import complaints

STATUS = re.compile(r"/assemblies(/[0-9a-f]{32})?")


class StatusNotes:
    """What was noted."""

    def __init__(self) -> None:
        self.statuses: list[dict[str, Any]] = []

    def watch(self, context: BrowserContext) -> None:
        """From now on note every status that comes to a page of `context`."""
        # Not "response": a body that the page gives up before its end would be waited for in vain.
        context.on("requestfinished", self._note)

    def complaints(self) -> list[str]:
        """What the schema of Transloadit's own SDK has to say against them."""
        return complaints(self.statuses)

    def _note(self, request: Request) -> None:
        if not STATUS.fullmatch(urlsplit(request.url).path) or request.method == "OPTIONS":
            return
        try:
            response = request.response()
            document = response.json() if response else None
        except (Error, ValueError):
            return  # The page has gone on, and its answers with it.
        if isinstance(document, dict) and "tus_url" in document:
            self.statuses.append(document)
