"""Assembly variables: `${file.url_name}` and the like, filled into the parameters of a step.

A missing property is empty, not an error, and so is an expression that this engine does not know.
Source: Transloadit docs, "Assembly Variables".
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cattube_worker.errors import AssemblyError
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.instructions.expressions import ExpressionError, evaluate
from cattube_worker.protocol.file_names import url_name
from cattube_worker.protocol.javascript import as_text

_NAME = re.compile(r"[\w$-]+(\.[\w$ -]+)*")
_EXPRESSION = re.compile(r"\$\{([^{}]*)\}")
# All texts of one step together. A short text may name a long field a thousand times over.
MOST_CHARACTERS = 2**20
# They decide what runs at all, before there is a file to take values from.
NEVER_INTERPOLATED = frozenset({"robot", "use", "interpolate"})


class TooMuchText(AssemblyError):
    """Variables make more of a step's texts than the engine holds."""

    code, status = "ASSEMBLY_STEP_INVALID", 400


class _Budget:
    """Characters that may still be filled in."""

    def __init__(self) -> None:
        self._left = MOST_CHARACTERS

    def spend(self, text: str) -> str:
        """The text, paid for. Raises TooMuchText."""
        self._left -= len(text)
        if self._left < 0:
            raise TooMuchText(
                f"The variables of a step come to {MOST_CHARACTERS - self._left:,} characters or more, "
                f"where {MOST_CHARACTERS:,} are allowed. "
                "Name long fields less often."
            )
        return text


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Values of the variables of one step for one file.

    file: None where there is no single one. result: a file that the step made, while its "user_meta" is
    filled in.
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
        """Value of `${expression}`; None if it has none."""
        name = expression.strip()
        # A plain name first: fields may have names that would read as a subtraction.
        if _NAME.fullmatch(name) and (value := self.named(name)) is not None:
            return value
        try:
            return evaluate(name, self.named, now_ms=self.now_ms)
        except ExpressionError:
            return None

    def named(self, name: str) -> Any:
        """Value of a dotted name; None if it has none."""
        group, _, rest = name.partition(".")
        read = _GROUPS.get(group)
        return None if read is None else read(self, rest)


def interpolate(value: Any, scope: Scope) -> Any:
    """`value` with its variables filled in, through lists and objects. Raises TooMuchText."""
    return _filled(value, scope, _Budget())


def interpolate_parameters(parameters: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    """Parameters of a step with their variables filled in, as far as its "interpolate" allows.

    Raises TooMuchText.
    """
    allowed, budget = parameters.get("interpolate", True), _Budget()
    if not isinstance(allowed, Mapping):
        allowed = dict.fromkeys(parameters, bool(allowed))
    return {
        key: value if key in NEVER_INTERPOLATED else _where_allowed(value, scope, key, allowed, budget)
        for key, value in parameters.items()
    }


def value_of(value: Any, scope: Scope) -> Any:
    """`value` with its variables filled in; a variable alone keeps the type of its value."""
    if isinstance(value, str) and (match := _EXPRESSION.fullmatch(value.strip())):
        return scope.value(match[1])
    return interpolate(value, scope)


def has_variables(value: Any) -> bool:
    """True when `value` holds variables."""
    return bool(expressions_in(value))


def expressions_in(value: Any) -> list[str]:
    """The expressions in `value`, without their braces."""
    if isinstance(value, str):
        return [expression.strip() for expression in _EXPRESSION.findall(value)]
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [expression for item in value for expression in expressions_in(item)]
    return []


def _where_allowed(value: Any, scope: Scope, path: str, allowed: Mapping[str, Any], budget: _Budget) -> Any:
    """`value` with its variables filled in, but for the dotted paths that "interpolate" excludes."""
    if not allowed.get(path, True):
        return value
    if isinstance(value, Mapping):
        return {
            key: _where_allowed(item, scope, f"{path}.{key}", allowed, budget) for key, item in value.items()
        }
    return _filled(value, scope, budget)


def _filled(value: Any, scope: Scope, budget: _Budget) -> Any:
    if isinstance(value, str):
        return _EXPRESSION.sub(lambda match: budget.spend(as_text(scope.value(match[1]))), value)
    if isinstance(value, list | tuple):
        return [_filled(item, scope, budget) for item in value]
    if isinstance(value, Mapping):
        return {key: _filled(item, scope, budget) for key, item in value.items()}
    return value


def _assembly_value(scope: Scope, name: str) -> Any:
    return {"id": scope.assembly_id, "parent_id": scope.parent_id, "region": scope.region}.get(name)


def _file_value(scope: Scope, name: str) -> Any:
    return None if scope.file is None else _property(scope.file, name)


def _result_value(scope: Scope, name: str) -> Any:
    return None if scope.result is None else _property(scope.result, name)


def _property(file: AssemblyFile, name: str) -> Any:
    group, _, key = name.partition(".")
    if key:
        return _nested(getattr(file, group), key) if group in {"meta", "user_meta"} else None
    if name in _COMPUTED:
        return _COMPUTED[name](file)
    if name not in _PLAIN:
        return None
    value = getattr(file, name)
    # A slash in a file's name must not make a folder of an object key; original_path is there for that.
    return value.replace("/", "_") if isinstance(value, str) and name not in _WITH_SLASHES else value


def _fields_value(scope: Scope, name: str) -> Any:
    return _nested(scope.fields, name)


def _previous_step_value(scope: Scope, name: str) -> Any:
    return scope.previous_step if name == "name" else None


def _unique_prefix(scope: Scope, _: str) -> str:
    return _prefix(scope.assembly_id + (scope.file.id if scope.file else ""))


def _unique_original_prefix(scope: Scope, _: str) -> str:
    return _prefix(scope.assembly_id + (scope.file.original_id if scope.file else ""))


def _prefix(seed: str) -> str:
    """A prefix "2 hex/30 hex" that nobody guesses, and that stays the same when the step is tried again."""
    digest = hashlib.sha256(seed.encode()).hexdigest()
    return f"{digest[:2]}/{digest[2:32]}"


def _nested(values: Any, dotted: str) -> Any:
    for key in dotted.split("."):
        values = values.get(key) if isinstance(values, Mapping) else None
    return values


_GROUPS: dict[str, Callable[[Scope, str], Any]] = {
    "assembly": _assembly_value,
    "file": _file_value,
    "result": _result_value,
    "fields": _fields_value,
    "previous_step": _previous_step_value,
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
