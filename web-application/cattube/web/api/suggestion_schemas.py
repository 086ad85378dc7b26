"""Schemas of what a search box suggests."""

from typing import Literal

from ninja import Schema

from cattube.web.api.schemas import Searched


class SuggestIn(Schema):
    q: Searched = ""


class SuggestionOut(Schema):
    """kind `search` is another query, for one that finds nothing."""

    text: str
    kind: Literal["video", "tag", "channel", "search"]
    url: str


class SuggestionListOut(Schema):
    items: list[SuggestionOut]
