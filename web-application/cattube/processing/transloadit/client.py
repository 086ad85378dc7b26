"""Requests of the site to an engine.

The engine is always asked at the address of the settings, by the Assembly's id: a status names the machine
that wrote it, and uploaders can claim any status. Hosted Transloadit finds that machine by itself.
Source: Transloadit docs, "Retrieve an Assembly Status", "Cancel a running Assembly".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from cattube.errors import SiteError
from cattube.processing.transloadit.account import engine_account
from cattube.processing.transloadit.addresses import internal_address

if TYPE_CHECKING:
    import httpx

TIMEOUT_SECONDS = 2.0
# A stream in pieces of some seconds has thousands of results, of a kilobyte each.
MAX_STATUS_BYTES = 16_000_000
# Errors about the request, not about the Assembly, whatever the HTTP status.
RATE_LIMITED = {"RATE_LIMIT_REACHED", "ASSEMBLY_STATUS_FETCHING_RATE_LIMIT_REACHED"}


class EngineUnreachable(Exception):
    """The engine could not be asked, or its answer could not be read."""


class EngineAway(EngineUnreachable):
    """Nothing answers at the engine's address."""


class UselessAnswer(EngineUnreachable):
    """The engine has answered, and will answer the same again: too much, or what is no text."""


class EngineSilent(SiteError):
    """Answer to whoever waits for an engine that is unreachable."""

    code, status, retry_after_seconds = "ENGINE_SILENT", 503, 2

    def __init__(self) -> None:
        super().__init__("The engine does not answer. Try again in a moment.")


class EngineClient:
    """HTTP client of one engine."""

    def __init__(
        self, base_url: str, *, videos_token: str = "", transport: httpx.BaseTransport | None = None
    ) -> None:
        """videos_token: of an engine that knows us by it, and not by the key of the settings."""
        import httpx

        self._errors = (httpx.HTTPError, httpx.InvalidURL)
        self._away = (httpx.ConnectError, httpx.ConnectTimeout)
        self._is_known_by_token = bool(videos_token)
        headers = {"Authorization": f"Bearer {videos_token}"} if videos_token else {}
        self._client = httpx.Client(
            base_url=base_url, timeout=TIMEOUT_SECONDS, trust_env=False, transport=transport, headers=headers
        )

    def status(self, assembly_id: str) -> dict[str, Any] | None:
        """Assembly Status; None when the engine does not know the id. Raises EngineUnreachable."""
        return self._assembly("GET", assembly_id)

    def cancel(self, assembly_id: str) -> dict[str, Any] | None:
        """Stop the Assembly if it still runs. Returns and raises as `status` does."""
        return self._assembly("DELETE", assembly_id)

    def is_healthy(self) -> bool:
        """True when the engine answers at its root, which every engine has and which needs no key."""
        try:
            return self._client.get("/", timeout=1).is_success
        except self._errors:
            return False

    def request(
        self, method: str, path: str, *, fields: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """HTTP status and JSON object of an answer, errors included. Raises EngineAway, EngineUnreachable.

        fields: of the form; in the query where the method has no body.
        """
        query, body = (fields, None) if method == "GET" else (None, fields)
        try:
            with self._client.stream(method, path, params=query, data=body) as response:
                return response.status_code, self._read(response)
        except self._away as error:
            raise EngineAway(str(error)) from error
        except self._errors as error:
            raise EngineUnreachable(str(error)) from error

    def text(self, path: str, *, at_most_bytes: int, may_lie_elsewhere: bool = False) -> str | None:
        """Text at a path that holds its own permission; None when there is none.

        Raises UselessAnswer, EngineUnreachable.
        may_lie_elsewhere: follow the engine to another place, which is the bucket.
        """
        try:
            with self._client.stream("GET", path, follow_redirects=may_lie_elsewhere) as response:
                if response.status_code in (403, 404):
                    return None
                if not response.is_success:
                    raise EngineUnreachable(f"HTTP {response.status_code}")
                return _body(response, at_most_bytes=at_most_bytes).decode()
        except UnicodeDecodeError as error:
            raise UselessAnswer("The answer is not UTF-8") from error
        except self._errors as error:
            raise EngineUnreachable(str(error)) from error

    def close(self) -> None:
        self._client.close()

    def _assembly(self, method: str, assembly_id: str) -> dict[str, Any] | None:
        # Some time after its end, an Assembly is shown to its account alone.
        fields = None if self._is_known_by_token else engine_account().signed_request(timezone.now())
        http_status, status = self.request(method, f"/assemblies/{assembly_id}", fields=fields)
        if http_status == 404 and "error" in status:
            return None
        if http_status != 200 or str(status.get("error")) in RATE_LIMITED:
            raise EngineUnreachable(f"HTTP {http_status} {status.get('error', '')}")
        return status

    def _read(self, response: httpx.Response) -> dict[str, Any]:
        try:
            answer = json.loads(_body(response, at_most_bytes=MAX_STATUS_BYTES))
        except (ValueError, RecursionError) as error:
            raise EngineUnreachable("The answer is not JSON") from error
        if not isinstance(answer, dict):
            raise EngineUnreachable("The answer is not a JSON object")
        return answer


def _body(response: httpx.Response, *, at_most_bytes: int) -> bytes:
    """Body of a streamed answer. Raises UselessAnswer when it is larger."""
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > at_most_bytes:
            raise UselessAnswer("The answer is larger than any we know")
    return bytes(body)


@cache
def client_at(base_url: str, videos_token: str = "") -> EngineClient:
    """Client of the engine at `base_url`; one for each process keeps its connections."""
    return EngineClient(base_url, videos_token=videos_token)


def engine_client(service: str = "") -> EngineClient:
    """Client of the engine of the settings, or of one that takes announcements, at the origin `service`."""
    return client_at(service, settings.VIDEOS_TOKEN) if service else client_at(internal_address())
