"""A small client of an engine's public protocol: signed Assemblies, one PATCH a file, polling."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

KEY, SECRET = "client-key", secrets.token_hex(16)
POLL_SECONDS = 0.1


def signed_form(instructions: dict[str, Any], *, expected_files: int) -> dict[str, str]:
    """The form that creates an Assembly, good for one use."""
    expires = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y/%m/%d %H:%M:%S+00:00")
    auth = {"key": KEY, "expires": expires, "nonce": secrets.token_hex(8)}
    params = json.dumps({"auth": auth, **instructions})
    digest = hmac.new(SECRET.encode(), params.encode(), hashlib.sha384).hexdigest()
    return {
        "params": params,
        "signature": f"sha384:{digest}",
        "num_expected_upload_files": str(expected_files),
    }


@dataclass(frozen=True)
class Engine:
    """An engine that runs with KEY and SECRET; `pid` is the process to measure."""

    address: str
    pid: int

    def create_assembly(self, instructions: dict[str, Any], *, expected_files: int) -> dict[str, Any]:
        """Create an Assembly by signed params; its first status."""
        form = signed_form(instructions, expected_files=expected_files)
        answer = httpx.post(f"{self.address}/assemblies", data=form)
        answer.raise_for_status()
        status: dict[str, Any] = answer.json()
        return status

    def create_upload(self, status: dict[str, Any], name: str, size_bytes: int) -> str:
        """Announce one file of the Assembly by tus; the address that takes its bytes."""
        metadata = {"assembly_url": status["assembly_url"], "filename": name, "fieldname": "file"}
        coded = ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in metadata.items())
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(size_bytes), "Upload-Metadata": coded}
        answer = httpx.post(status["tus_url"], headers=headers)
        answer.raise_for_status()
        return str(httpx.URL(status["tus_url"]).join(answer.headers["Location"]))

    def wait_until_finished(
        self, status: dict[str, Any], *, poll_seconds: float = POLL_SECONDS
    ) -> dict[str, Any]:
        """Poll until the Assembly ended well. Raises RuntimeError when it ended otherwise."""
        # One client for all polls: making one costs more than a poll, and would count as the engine's time.
        with httpx.Client() as client:
            while status.get("ok") in ("ASSEMBLY_UPLOADING", "ASSEMBLY_EXECUTING"):
                time.sleep(poll_seconds)
                status = client.get(status["assembly_url"]).json()
        if status.get("ok") != "ASSEMBLY_COMPLETED":
            raise RuntimeError(f"the Assembly ended with {status.get('error')}: {status.get('message')}")
        return status

    def send(self, address: str, source: Path) -> None:
        """Send a whole file to the address of its upload."""
        self.send_part(address, source.read_bytes(), offset=0)

    def send_part(self, address: str, part: bytes, *, offset: int) -> None:
        """Send the bytes of a file from `offset` on."""
        headers = {
            "Tus-Resumable": "1.0.0",
            "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream",
        }
        httpx.patch(address, headers=headers, content=part).raise_for_status()
