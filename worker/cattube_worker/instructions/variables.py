"""Assembly variables: `${file.url_name}` and its like, put into the parameters of a step. Pure.

Missing properties give nothing rather than an error, and so do expressions this engine does not know.
Source: Transloadit docs, "Assembly Variables".
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.instructions.expressions import ExpressionError, evaluate
from cattube_worker.protocol.file_names import url_name
from cattube_worker.protocol.javascript import as_text

_NAME = re.compile(r"[\w$-]+(\.[\w$ -]+)*")
_EXPRESSION = re.compile(r"\$\{([^{}]*)\}")
# What they say decides what runs at all, so they stand as they are written.
NEVER_INTERPOLATED = frozenset({"robot", "use", "interpolate"})


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What the variables of one step mean for one file. file: None where there is no single one.

    result: a file the step made, for its "user_meta" alone.
    """

    assembly_id: str
    parent_id: str | None = None
    region: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    previous_step: str = ""
    file: AssemblyFile | None = None
    result: AssemblyFile | None = None
    now_ms: int = 0

    def value(self, expression: str) -> Any:
        """What stands for `${expression}`; None when there is nothing."""
        name = expression.strip()
        # A plain name first: fields may have names that would read as a subtraction.
        if _NAME.fullmatch(name) and (value := self.named(name)) is not None:
            return value
        try:
            return evaluate(name, self.named, now_ms=self.now_ms)
        except ExpressionError:
            return None

    def named(self, name: str) -> Any:
        """The value of a dotted name; None when there is nothing."""
        group, _, rest = name.partition(".")
        read = _GROUPS.get(group)
        return None if read is None else read(self, rest)


def interpolate(value: Any, scope: Scope) -> Any:
    """`value` with its variables filled in, through lists and objects."""
    if isinstance(value, str):
        return _EXPRESSION.sub(lambda found: as_text(scope.value(found[1])), value)
    if isinstance(value, list | tuple):
        return [interpolate(each, scope) for each in value]
    if isinstance(value, Mapping):
        return {key: interpolate(each, scope) for key, each in value.items()}
    return value


def interpolate_parameters(parameters: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    """A step's parameters for one run, as far as its own "interpolate" allows."""
    allowed = parameters.get("interpolate", True)
    if not isinstance(allowed, Mapping):
        allowed = {key: bool(allowed) for key in parameters}
    return {
        key: value if key in NEVER_INTERPOLATED else _where_allowed(value, scope, key, allowed)
        for key, value in parameters.items()
    }


def value_of(value: Any, scope: Scope) -> Any:
    """`value` with its variables filled in; a lone one keeps the kind of what stands for it."""
    if isinstance(value, str) and (alone := _EXPRESSION.fullmatch(value.strip())):
        return scope.value(alone[1])
    return interpolate(value, scope)


def has_variables(value: Any) -> bool:
    """Whether anything in `value` waits to be filled in."""
    return bool(expressions_in(value))


def expressions_in(value: Any) -> list[str]:
    """The expressions in `value`, without their braces."""
    if isinstance(value, str):
        return [found.strip() for found in _EXPRESSION.findall(value)]
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [found for each in value for found in expressions_in(each)]
    return []


def _where_allowed(value: Any, scope: Scope, path: str, allowed: Mapping[str, Any]) -> Any:
    """`value` filled in but for the dotted paths that are to be taken literally."""
    if not allowed.get(path, True):
        return value
    if isinstance(value, Mapping):
        return {key: _where_allowed(each, scope, f"{path}.{key}", allowed) for key, each in value.items()}
    return interpolate(value, scope)


def _of_assembly(scope: Scope, name: str) -> Any:
    return {"id": scope.assembly_id, "parent_id": scope.parent_id, "region": scope.region}.get(name)


def _of_file(scope: Scope, name: str) -> Any:
    return None if scope.file is None else _about(scope.file, name)


def _of_result(scope: Scope, name: str) -> Any:
    return None if scope.result is None else _about(scope.result, name)


def _about(file: AssemblyFile, name: str) -> Any:
    group, _, key = name.partition(".")
    if key:
        return _at(getattr(file, group), key) if group in {"meta", "user_meta"} else None
    if name in _COMPUTED:
        return _COMPUTED[name](file)
    if name not in _PLAIN:
        return None
    value = getattr(file, name)
    # A slash in a file's name must not make folders of its own; only original_path is made of folders.
    return value.replace("/", "_") if isinstance(value, str) and name not in _WITH_SLASHES else value


def _of_fields(scope: Scope, name: str) -> Any:
    return _at(scope.fields, name)


def _of_previous_step(scope: Scope, name: str) -> Any:
    return scope.previous_step if name == "name" else None


def _unique_prefix(scope: Scope, _: str) -> str:
    return _prefix(scope.assembly_id + (scope.file.id if scope.file else ""))


def _unique_original_prefix(scope: Scope, _: str) -> str:
    return _prefix(scope.assembly_id + (scope.file.original_id if scope.file else ""))


def _prefix(seed: str) -> str:
    """33 characters, "2 hex/30 hex": the same for another attempt at the same file, no one's to guess."""
    digest = hashlib.sha256(seed.encode()).hexdigest()
    return f"{digest[:2]}/{digest[2:32]}"


def _at(values: Any, dotted: str) -> Any:
    for key in dotted.split("."):
        values = values.get(key) if isinstance(values, Mapping) else None
    return values


_GROUPS: dict[str, Callable[[Scope, str], Any]] = {
    "assembly": _of_assembly,
    "file": _of_file,
    "result": _of_result,
    "fields": _of_fields,
    "previous_step": _of_previous_step,
    "unique_prefix": _unique_prefix,
    "unique_original_prefix": _unique_original_prefix,
}
_PLAIN = frozenset(
    {"id", "name", "basename", "ext", "mime", "type", "md5hash", "field"}
    | {"import_url", "original_id", "original_name", "original_basename", "original_path"}
)
_WITH_SLASHES = frozenset({"original_path", "import_url", "mime"})
_COMPUTED: dict[str, Callable[[AssemblyFile], Any]] = {
    "size": lambda file: file.size_bytes,
    "url_name": lambda file: url_name(file.name),
    "url_basename": lambda file: url_name(file.basename + ".x").removesuffix(".x"),
}
