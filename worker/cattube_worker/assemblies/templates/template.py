"""A template: instructions under a name, stored by a client or shipped as a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cattube_worker.errors import BadRequest

# Names that begin so are Transloadit's own templates: clients cannot use them for theirs.
RESERVED_PREFIX = "builtin/"
LATEST = "latest"


class TemplateNotFound(BadRequest):
    code = "TEMPLATE_NOT_FOUND"


@dataclass(frozen=True, kw_only=True)
class Template:
    """Instructions under a name. content: as written, with "steps" and maybe more.

    is_builtin: it comes as a file beside the engine, and clients cannot change it.
    status_expiry, result_expiry: as the client wrote them, such as "1day"; the engine only gives them back.
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
        """The content as JSON."""
        return json.dumps(self.content, ensure_ascii=False)

    @property
    def needs_signature(self) -> bool:
        """True when its assemblies have to be signed: its record may say so, and so may its content."""
        return self.require_signature or self.content.get("require_signature_auth") in (1, True)


class ShippedTemplates(dict[str, Template]):
    """The templates that come with the engine, by each name that clients may use.

    A versioned one, "builtin/<name>@<version>", is also found without its version and as "@latest".
    """

    def each_once(self) -> list[Template]:
        """The templates, each under its own name."""
        return [template for name, template in self.items() if name == template.name]


def load_templates(folder: Path) -> ShippedTemplates:
    """The templates in the JSON files below `folder`, each by its file's path."""
    paths = {str(path.relative_to(folder).with_suffix("")): path for path in sorted(folder.rglob("*.json"))}
    templates = ShippedTemplates({name: _load_template(name, path) for name, path in paths.items()})
    for name in sorted(filter(_version, paths), key=_version):
        bare = name.rpartition("@")[0]
        templates[bare] = templates[f"{bare}@{LATEST}"] = templates[name]
    return templates


def _version(name: str) -> tuple[int, ...]:
    """The version in a name, such as (0, 0, 1); empty for a name without one."""
    return tuple(map(int, name.rpartition("@")[2].split("."))) if "@" in name else ()


def _load_template(name: str, path: Path) -> Template:
    modified_at = path.stat().st_mtime
    return Template(
        id=name,
        name=name,
        content=json.loads(path.read_text()),
        created_at=modified_at,
        modified_at=modified_at,
        is_builtin=True,
    )
