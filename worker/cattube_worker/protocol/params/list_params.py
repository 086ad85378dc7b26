"""Params of the lists of assemblies, templates and credentials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from cattube_worker.errors import BadRequest
from cattube_worker.protocol.dates import read_expires


def _keywords(value: object) -> object:
    """A single keyword is a list of one."""
    return [value] if isinstance(value, str) else value


def _moment(value: object) -> object:
    if not isinstance(value, str) or value == "NOW()":
        return None
    return read_expires(value)


def _builtin(value: object) -> object:
    """Older clients send 0 or 1 instead of a word."""
    if value in (0, 1):
        return "latest" if value else "none"
    return value


Keywords = Annotated[tuple[str, ...], BeforeValidator(_keywords)]
Moment = Annotated[float | None, BeforeValidator(_moment)]
AssemblyType = Literal[
    "all",
    "uploading",
    "executing",
    "canceled",
    "completed",
    "failed",
    "request_aborted",
    "expired",
    "fixable",
    "problematic",
]
# Of each builtin template there is one version here, so "latest" and "all" are the same.
Builtin = Literal["none", "latest", "all", "exclusively-latest", "exclusively-all"]


class ListParams(BaseModel):
    """Params of one page of a list. fromdate, todate: in epoch seconds, both included."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    page: int = Field(default=1, ge=1, le=10**9)
    pagesize: int = Field(default=50, ge=1, le=5000)
    order: Literal["asc", "desc"] = "desc"
    fromdate: Moment = None
    todate: Moment = None
    keywords: Keywords = Field(default=(), max_length=50)

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.pagesize


class AssemblyListParams(ListParams):
    type: AssemblyType = "all"
    sort: Literal["created", "created_ts", "updated"] = "created"
    assembly_id: str | None = None
    template_id: str | None = None


class TemplateListParams(ListParams):
    sort: Literal["id", "name", "created", "modified", "last_used"] = "created"
    include_builtin: Annotated[Builtin, BeforeValidator(_builtin)] = "none"

    @property
    def has_builtin(self) -> bool:
        return self.include_builtin != "none"

    @property
    def has_stored(self) -> bool:
        return not self.include_builtin.startswith("exclusively")


class CredentialListParams(ListParams):
    sort: Literal["id", "name", "created", "modified"] = "created"


AnyListParams = TypeVar("AnyListParams", bound=ListParams)


def read_list_params(model: type[AnyListParams], document: Mapping[str, Any], *, code: str) -> AnyListParams:
    """The params of a list; null stands for the default. Raises BadRequest with `code`, naming the param."""
    values = {name: value for name, value in document.items() if value is not None}
    try:
        return model.model_validate(values)
    except (ValidationError, OverflowError) as error:
        raise BadRequest(f"The list cannot be made: {_complaint(error)}.", code=code) from error


def _complaint(error: ValidationError | OverflowError) -> str:
    if isinstance(error, OverflowError):
        return "a date lies out of reach"
    first = error.errors()[0]
    return f'"{".".join(str(part) for part in first["loc"])}": {first["msg"].removeprefix("Value error, ")}'
