"""Authentication of API calls: by token within its scopes, by the session, or none for reading."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from ninja.security import HttpBearer, SessionAuth

from cattube.accounts.models import ApiToken
from cattube.accounts.tokens.token_scopes import Scope
from cattube.errors import NotAllowed, SiteError


class TokenExpired(SiteError):
    code, status = "TOKEN_EXPIRED", 401

    def __init__(self) -> None:
        super().__init__("This token has expired. Make a new one in the settings of your account.")


class ScopeMissing(NotAllowed):
    code = "SCOPE_MISSING"

    def __init__(self, missing: Scope, token: ApiToken) -> None:
        super().__init__(
            f"This needs a token with the scope {missing}; yours has {token.scope_words}. "
            "Make one in the settings of your account."
        )


class TokenAuth(HttpBearer):
    """Authentication by `Authorization: Bearer <token>`, with a token that has all of `scopes`."""

    def __init__(self, *scopes: Scope) -> None:
        super().__init__()
        self.scopes = scopes

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        row = ApiToken.objects.of(token)
        if row is None:
            return None
        if row.has_expired:
            raise TokenExpired
        for scope in self.scopes:
            _require(row, scope)
        request.user = row.user
        return row


class LoggedIn(SessionAuth):
    """Authentication by session; requests that change something need the X-CSRFToken header too."""

    def __call__(self, request: HttpRequest) -> Any:
        # Without a session no request can be forged; "log in" is the better answer then.
        return super().__call__(request) if request.user.is_authenticated else None


def anyone(request: HttpRequest) -> AnonymousUser | None:
    """Allow reading public videos without an account; refuse a wrong token all the same."""
    return None if "Authorization" in request.headers else AnonymousUser()


def needs(*scopes: Scope) -> list[Any]:
    """Authentication by session, or by a token with these scopes."""
    return [TokenAuth(*scopes), LoggedIn()]


def token_of(request: HttpRequest) -> ApiToken | None:
    """Token that the request is made with; None when it is made by session."""
    auth = getattr(request, "auth", None)
    return auth if isinstance(auth, ApiToken) else None


def require_scope(request: HttpRequest, scope: Scope) -> None:
    """Refuse a token without `scope`, where the scope depends on what is asked. Raises ScopeMissing."""
    token = token_of(request)
    if token is not None:
        _require(token, scope)


def _require(token: ApiToken, scope: Scope) -> None:
    if scope not in token.scope_set:
        raise ScopeMissing(scope, token)


# Of an operation that names no scope.
NEEDS_EVERY_SCOPE = needs(*Scope)
NEEDS_READ_OR_NOBODY = [*needs(Scope.READ), anyone]
