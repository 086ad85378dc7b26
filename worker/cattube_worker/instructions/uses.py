"""The "use" of a step, in all its spellings.

Source: Transloadit docs, "Advanced use parameter".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cattube_worker.instructions.assembly_file import ORIGINAL_STEP


@dataclass(frozen=True, kw_only=True)
class Use:
    """A source of a step: the files of `step` that came in `fields` (all if empty), in the role "as"."""

    step: str
    fields: tuple[str, ...] = ()
    role: str | None = None


@dataclass(frozen=True, kw_only=True)
class Uses:
    """All sources of a step.

    is_bundle: it runs once, with all their files. group_by_original: once for each upload instead.
    """

    uses: tuple[Use, ...] = ()
    is_bundle: bool = False
    group_by_original: bool = False


def read_uses(raw: object) -> Uses:
    """The sources in a "use"; without one they are the uploads. Raises ValueError."""
    if raw is None:
        return Uses(uses=(Use(step=ORIGINAL_STEP),))
    if not isinstance(raw, Mapping) or "name" in raw:
        uses = _read_list(raw)
        # Several steps, all with roles, are the inputs of one run.
        return Uses(uses=uses, is_bundle=len(uses) > 1 and all(use.role for use in uses))
    uses = _read_list(raw.get("steps"))
    fields = _names(raw.get("fields"))
    if fields:
        uses = tuple(Use(step=use.step, fields=use.fields or fields, role=use.role) for use in uses)
    roles = len(uses) > 1 and all(use.role for use in uses)
    by_original = _flag(raw, "group_by_original")
    return Uses(
        uses=uses,
        is_bundle=_flag(raw, "bundle_steps") or by_original or roles,
        group_by_original=by_original,
    )


def _read_list(raw: object) -> tuple[Use, ...]:
    entries = _one_or_several(raw)
    if not entries:
        raise ValueError("expected the name of at least one step")
    return tuple(_read_use(entry) for entry in entries)


def _read_use(raw: object) -> Use:
    if isinstance(raw, str) and raw:
        return Use(step=raw)
    if isinstance(raw, Mapping) and isinstance(raw.get("name"), str) and raw["name"]:
        role = raw.get("as")
        if role is not None and not isinstance(role, str):
            raise ValueError('expected text for "as"')
        return Use(step=raw["name"], fields=_names(raw.get("fields")), role=role)
    raise ValueError('expected the name of a step, or objects with a "name"')


def _names(raw: object) -> tuple[str, ...]:
    if raw is None:
        return ()
    names = _one_or_several(raw)
    if not all(isinstance(name, str) and name for name in names):
        raise ValueError('expected names of form fields for "fields"')
    return tuple(str(name) for name in names)


def _one_or_several(raw: object) -> list[object]:
    return raw if isinstance(raw, list) else [raw]


def _flag(raw: Mapping[str, object], key: str) -> bool:
    value = raw.get(key, False)
    if value in (True, "true", 1):
        return True
    if value in (False, "false", 0, None):
        return False
    raise ValueError(f'expected true or false for "{key}"')
