"""What the params of a list ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from cattube_worker.errors import BadRequest
from cattube_worker.protocol.dates import read_expires


def _listed(value: object) -> object:
    """One keyword alone stands for a list of one."""
    return [value] if isinstance(value, str) else value


def _moment(value: object) -> object:
    if not isinstance(value, str) or value == "NOW()":
        return None
    return read_expires(value)


def _chosen(value: object) -> object:
    """A plain yes or no, which older clients send, for the word that means it."""
    if value in (0, 1):
        return "latest" if value else "none"
    return value


Keywords = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Moment = Annotated[float | None, BeforeValidator(_moment)]
State = Literal[
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
# Every built-in template has but one version here, so "latest" and "all" are the same.
BuiltIn = Literal["none", "latest", "all", "exclusively-latest", "exclusively-all"]


class ListParams(BaseModel):
    """A page of a list. fromdate, todate: in epoch seconds, the ends included."""

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
    type: State = "all"
    sort: Literal["created", "created_ts", "updated"] = "created"
    assembly_id: str | None = None
    template_id: str | None = None


class TemplateListParams(ListParams):
    sort: Literal["id", "name", "created", "modified", "last_used"] = "created"
    include_builtin: Annotated[BuiltIn, BeforeValidator(_chosen)] = "none"

    @property
    def has_builtin(self) -> bool:
        return self.include_builtin != "none"

    @property
    def has_stored(self) -> bool:
        return not self.include_builtin.startswith("exclusively")


class CredentialListParams(ListParams):
    sort: Literal["id", "name", "created", "modified"] = "created"


Asked = TypeVar("Asked", bound=ListParams)


def read_list_params(kind: type[Asked], document: Mapping[str, Any], *, code: str) -> Asked:
    """The list that params ask for. Raises BadRequest with `code`, naming the param."""
    given = {name: value for name, value in document.items() if value is not None}
    try:
        return kind.model_validate(given)
    except (ValidationError, OverflowError) as error:
        raise BadRequest(f"The list cannot be made: {_complaint(error)}.", code=code) from error


def _complaint(error: ValidationError | OverflowError) -> str:
    if isinstance(error, OverflowError):
        return "a date lies out of reach"
    first = error.errors()[0]
    return f'"{".".join(str(part) for part in first["loc"])}": {first["msg"].removeprefix("Value error, ")}'
