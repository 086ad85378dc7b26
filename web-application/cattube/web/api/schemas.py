"""Fields and answers that the schemas of several subjects share."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StringConstraints

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


def _in_calendar(moment: datetime) -> datetime:
    """The moment in UTC, in which databases compare it. Raises ValueError beyond the calendar."""
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("Give a time within the years 1 to 9999.") from error


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
Moment = Annotated[AwareDatetime, AfterValidator(_in_calendar)]


class ErrorOut(Schema):
    error: str
    message: str
