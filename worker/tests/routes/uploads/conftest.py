"""What tests of uploads by tus share."""

from __future__ import annotations

from ...conftest import TestEngine, upload_metadata

TUS_PATH = "/resumable/files/"


def open_raw(engine: TestEngine, url: str | None = None, **headers: str) -> tuple[int, str]:
    """(status, error code) of an attempt to open an upload with just these headers beside the usual."""
    url = url or engine.assembly()["assembly_url"]
    usual = {"Tus-Resumable": "1.0.0", "Upload-Length": "4", "Upload-Metadata": upload_metadata(url)}
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    response = engine.client.post(
        TUS_PATH, headers={k: v for k, v in {**usual, **given}.items() if v != "(none)"}
    )
    return response.status_code, (response.get_json(silent=True) or {}).get("error", "")
