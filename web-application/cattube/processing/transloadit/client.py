"""Asking the engine about an Assembly, from server to server.

The engine is always asked at the address of the settings, by id: a status names the machine that wrote it,
and uploaders can claim any status. The hosted service finds the machine of an Assembly by itself.
Source: Transloadit docs, "Retrieve an Assembly Status", "Cancel a running Assembly".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings

if TYPE_CHECKING:
    import httpx

TIMEOUT_SECONDS = 2.0
# A stream in pieces of some seconds has thousands of results, of a kilobyte each.
MAX_STATUS_BYTES = 16_000_000
HOSTED_DOMAIN = "transloadit.com"
# Said about the question, not about the Assembly, whatever the HTTP status.
ASKED_TOO_OFTEN = {"RATE_LIMIT_REACHED", "ASSEMBLY_STATUS_FETCHING_RATE_LIMIT_REACHED"}


class EngineUnreachable(Exception):
    """The engine could not be asked, or answered nonsense: what it would say is not known."""


class Engine:
    """The few questions the site has. An id the engine does not know answers None."""

    def __init__(self, base_url: str, *, transport: httpx.BaseTransport | None = None) -> None:
        import httpx

        self._errors = (httpx.HTTPError, httpx.InvalidURL)
        self._client = httpx.Client(
            base_url=base_url, timeout=TIMEOUT_SECONDS, trust_env=False, transport=transport
        )

    def status(self, assembly_id: str) -> dict[str, Any] | None:
        """The Assembly Status. Raises EngineUnreachable."""
        return self._assembly("GET", assembly_id)

    def cancel(self, assembly_id: str) -> dict[str, Any] | None:
        """Stop the Assembly if it still runs; its status. Raises EngineUnreachable."""
        return self._assembly("DELETE", assembly_id)

    def is_healthy(self) -> bool:
        """Whether it answers at its root, which every engine has and which needs no key."""
        try:
            return self._client.get("/", timeout=1).is_success
        except self._errors:
            return False

    def ask(
        self, method: str, path: str, *, fields: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """HTTP status and JSON object of an answer, errors included. Raises EngineUnreachable.

        fields: of the form; in the query where the method has no body.
        """
        query, body = (fields, None) if method == "GET" else (None, fields)
        try:
            with self._client.stream(method, path, params=query, data=body) as response:
                return response.status_code, self._read(response)
        except self._errors as error:
            raise EngineUnreachable(str(error)) from error

    def close(self) -> None:
        self._client.close()

    def _assembly(self, method: str, assembly_id: str) -> dict[str, Any] | None:
        http_status, status = self.ask(method, f"/assemblies/{assembly_id}")
        if http_status == 404 and "error" in status:
            return None
        if http_status != 200 or status.get("error") in ASKED_TOO_OFTEN:
            raise EngineUnreachable(f"HTTP {http_status} {status.get('error', '')}")
        return status

    def _read(self, response: httpx.Response) -> dict[str, Any]:
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > MAX_STATUS_BYTES:
                raise EngineUnreachable("The status is larger than any we know")
        try:
            status = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise EngineUnreachable("The answer is not JSON") from error
        if not isinstance(status, dict):
            raise EngineUnreachable("The answer is not a JSON object")
        return status


def is_hosted(service: str) -> bool:
    """Whether this address belongs to the hosted service, and not to an engine of somebody's own."""
    host = urlsplit(service).hostname or ""
    return host == HOSTED_DOMAIN or host.endswith(f".{HOSTED_DOMAIN}")


def internal_address() -> str:
    """Where this machine reaches the engine."""
    return str(settings.TRANSLOADIT_SERVICE) or f"http://127.0.0.1:{settings.WORKER_PORT}"


@cache
def engine_at(base_url: str) -> Engine:
    return Engine(base_url)


def engine(service: str = "") -> Engine:
    """The engine of the settings, or the one at the origin `service`; one client per process each."""
    return engine_at(service or internal_address())
