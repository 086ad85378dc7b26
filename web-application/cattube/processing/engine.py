"""Asking the engine about an Assembly, from server to server."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    import httpx

TIMEOUT_SECONDS = 2.0
MAX_STATUS_BYTES = 2_000_000


class EngineUnreachable(Exception):
    """The engine could not be asked, or answered nonsense: what it would say is not known."""


class Engine:
    """The few questions the site has. An id the engine does not know answers None."""

    def __init__(self, base_url: str) -> None:
        import httpx

        self._errors = (httpx.HTTPError, httpx.InvalidURL)
        self._client = httpx.Client(base_url=base_url, timeout=TIMEOUT_SECONDS, trust_env=False)

    def status(self, assembly_id: str) -> dict[str, Any] | None:
        """The Assembly Status. Raises EngineUnreachable."""
        return self._ask("GET", assembly_id)

    def cancel(self, assembly_id: str) -> dict[str, Any] | None:
        """Stop the Assembly if it still runs; its status. Raises EngineUnreachable."""
        return self._ask("DELETE", assembly_id)

    def is_healthy(self) -> bool:
        try:
            return self._client.get("/healthz", timeout=1).is_success
        except self._errors:
            return False

    def close(self) -> None:
        self._client.close()

    def _ask(self, method: str, assembly_id: str) -> dict[str, Any] | None:
        try:
            with self._client.stream(method, f"/assemblies/{assembly_id}") as response:
                status = self._read(response)
        except self._errors as error:
            raise EngineUnreachable(str(error)) from error
        if response.status_code == 404 and "error" in status:
            return None
        if not response.is_success:
            raise EngineUnreachable(f"HTTP {response.status_code}")
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


def internal_address() -> str:
    """Where this machine reaches the engine."""
    return str(settings.TRANSLOADIT_SERVICE) or f"http://127.0.0.1:{settings.WORKER_PORT}"


@cache
def engine_at(base_url: str) -> Engine:
    return Engine(base_url)


def engine() -> Engine:
    """The engine of the settings; one client per process keeps its connections."""
    return engine_at(internal_address())
