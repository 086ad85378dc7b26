"""Fields and answers that the schemas of several subjects share."""

from typing import Annotated, Literal

from ninja import Schema
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from cattube.search.query import MAX_QUERY_CHARACTERS
from cattube.videos.ids import LENGTH as MAX_ID_CHARACTERS
from cattube.videos.models import MAX_DESCRIPTION_CHARACTERS, MAX_TITLE_CHARACTERS
from cattube.videos.tags import clean_tags
from cattube.videos.text import is_blank, stored


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("Leave out NUL characters.")
    return text


def visible(text: str) -> str:
    if is_blank(text):
        raise ValueError("Write something that can be seen.")
    return text


def _stored(value: object) -> object:
    return stored(value) if isinstance(value, str) else value


NoNul = AfterValidator(_without_nul)
# Before the length is judged: it may change.
Normal = BeforeValidator(_stored)
Text = Annotated[str, NoNul]
Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TITLE_CHARACTERS),
    NoNul,
    AfterValidator(visible),
    Normal,
]
Description = Annotated[str, StringConstraints(max_length=MAX_DESCRIPTION_CHARACTERS), NoNul, Normal]
Tags = Annotated[list[Text], Field(max_length=100), AfterValidator(clean_tags)]
Visibility = Literal["public", "unlisted", "private"]
VideoId = Annotated[str, StringConstraints(max_length=MAX_ID_CHARACTERS), NoNul]
Searched = Annotated[str, StringConstraints(max_length=MAX_QUERY_CHARACTERS)]
Cursor = Annotated[str, StringConstraints(max_length=2000)]
Limit = Annotated[int, Field(ge=1, le=100)]


class ErrorOut(Schema):
    error: str
    message: str
