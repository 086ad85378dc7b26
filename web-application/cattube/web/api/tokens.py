"""API of API tokens, for their owner."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.responses import Status as Answer

from cattube.accounts.models import ApiToken
from cattube.accounts.tokens.new_tokens import make_token
from cattube.accounts.tokens.token_scopes import Scope, in_order
from cattube.errors import NotFound
from cattube.web.api.auth import needs, require_scope, token_of
from cattube.web.api.schemas import ErrorOut
from cattube.web.api.token_schemas import NewTokenIn, NewTokenOut, TokenListOut
from cattube.web.person import person_of

router = Router(tags=["tokens"])
ERRORS: dict[Any, Any] = {frozenset({400, 401, 403}): ErrorOut}


@router.get("/tokens", response={200: TokenListOut, **ERRORS}, auth=needs(Scope.READ), url_name="tokens")
def list_tokens(request: HttpRequest, response: HttpResponse, cursor: str = "") -> Answer[dict[str, Any]]:
    """Your tokens, newest first, without their texts. There are few: one page has them all."""
    response["Cache-Control"] = "no-store"
    tokens = [] if cursor else ApiToken.objects.filter(user=person_of(request)).order_by("-pk")
    return Answer(200, {"items": [_answer(token) for token in tokens], "next": None})


@router.post("/tokens", response={201: NewTokenOut, **ERRORS, 409: ErrorOut}, auth=needs(Scope.EDIT))
def create_token(request: HttpRequest, response: HttpResponse, new: NewTokenIn) -> Answer[dict[str, Any]]:
    """Make a token; its text is in this answer alone. What a token makes can do no more, and ends with it."""
    response["Cache-Control"] = "no-store"
    token, text = make_token(
        person_of(request),
        label=new.label,
        scopes=map(Scope, new.scopes),
        expires_at=new.expires_at,
        made_by=token_of(request),
    )
    return Answer(201, {**_answer(token), "token": text})


@router.delete("/tokens/{int:id}", response={204: None, **ERRORS, 404: ErrorOut}, auth=needs())
def delete_token(request: HttpRequest, id: int) -> Answer[None]:  # noqa: A002 the word in the URL
    """Withdraw a token. A token can withdraw itself; others need the scope delete."""
    used = token_of(request)
    if used is None or used.pk != id:
        require_scope(request, Scope.DELETE)
    deleted, _ = ApiToken.objects.filter(user=person_of(request), pk=id).delete()
    if not deleted:
        raise NotFound("There is no such token, or it is not yours.")
    return Answer(204, None)


def _answer(token: ApiToken) -> dict[str, Any]:
    return {
        "id": token.pk,
        "label": token.label,
        "scopes": in_order(token.scope_set),
        "expires_at": token.expires_at,
        "created_at": token.created_at,
        "last_used_at": token.last_used_at,
    }
