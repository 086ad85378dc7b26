"""API of what a search field offers while somebody types."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router
from ninja.responses import Status as Answer

from cattube.search.suggestions import suggestions
from cattube.web.api.auth import NEEDS_READ_OR_NOBODY
from cattube.web.api.schemas import ErrorOut
from cattube.web.api.suggestion_schemas import SuggestIn, SuggestionListOut

router = Router(tags=["videos"])
ERRORS: dict[Any, Any] = {frozenset({400, 401, 403}): ErrorOut}


@router.get(
    "/suggest", response={200: SuggestionListOut, **ERRORS}, auth=NEEDS_READ_OR_NOBODY, url_name="suggest"
)
def suggest(request: HttpRequest, typed: Query[SuggestIn]) -> Answer[dict[str, Any]]:
    """Channels, tags and videos that begin as `q`, of those that you may find."""
    return Answer(200, {"items": suggestions(typed.q, request.user)})
