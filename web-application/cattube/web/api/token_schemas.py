"""Schemas of API tokens."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AwareDatetime, Field, StringConstraints

from cattube.accounts.models import MAX_LABEL_CHARACTERS
from cattube.web.api.schemas import NoNul

Label = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_LABEL_CHARACTERS), NoNul]
Scopes = Annotated[list[Literal["read", "upload", "edit", "delete"]], Field(min_length=1, max_length=20)]


class NewTokenIn(Schema):
    label: Label = ""
    scopes: Scopes = ["read"]
    expires_at: AwareDatetime | None = None


class TokenOut(Schema):
    id: int
    label: str
    scopes: list[Literal["read", "upload", "edit", "delete"]]
    expires_at: datetime | None
    created_at: datetime
    last_used_at: datetime | None


class NewTokenOut(TokenOut):
    token: str


class TokenListOut(Schema):
    items: list[TokenOut]
    next: str | None
