"""The templates this engine knows by name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cattube_worker.errors import BadRequest


class TemplateNotFound(BadRequest):
    code = "TEMPLATE_NOT_FOUND"


@dataclass(frozen=True, kw_only=True)
class Template:
    """Stored instructions. content: as written, with "steps" and maybe more.

    is_builtin: it comes from a file beside the engine, and cannot be changed from outside.
    status_expiry, result_expiry: as the client gave them, such as "1day"; kept for the client alone.
    """

    id: str
    name: str
    content: Mapping[str, Any]
    require_signature: bool = False
    status_expiry: str | None = None
    result_expiry: str | None = None
    created_at: float = 0.0
    modified_at: float = 0.0
    last_used_at: float | None = None
    is_builtin: bool = False

    @property
    def text(self) -> str:
        return json.dumps(self.content, ensure_ascii=False)

    @property
    def needs_signature(self) -> bool:
        """Whether an assembly by this template has to be signed, be it said on the record or within."""
        return self.require_signature or self.content.get("require_signature_auth") in (1, True)


def load_templates(folder: Path) -> dict[str, Template]:
    """The templates in the JSON files of `folder`, each by its file's name."""
    return {path.stem: _from_file(path) for path in sorted(folder.glob("*.json"))}


def _from_file(path: Path) -> Template:
    written = path.stat().st_mtime
    return Template(
        id=path.stem,
        name=path.stem,
        content=json.loads(path.read_text()),
        created_at=written,
        modified_at=written,
        is_builtin=True,
    )
