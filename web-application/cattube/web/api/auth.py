"""Who calls the API: a token's owner, the person logged in, or nobody in particular."""

from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from ninja.security import HttpBearer, SessionAuth

from cattube.accounts.models import ApiToken


class TokenAuth(HttpBearer):
    """`Authorization: Bearer <token>`."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        user = ApiToken.objects.user_of(token)
        if user is not None:
            request.user = user
        return user


class LoggedIn(SessionAuth):
    """The session of the site; what changes something needs the X-CSRFToken header as well."""

    def __call__(self, request: HttpRequest) -> Any:
        # Without a session there is nothing to forge: "log in" is the better answer then.
        return super().__call__(request) if request.user.is_authenticated else None


def anyone(request: HttpRequest) -> AnonymousUser | None:
    """Reading public videos needs no account; a wrong token is refused all the same."""
    return None if "Authorization" in request.headers else AnonymousUser()


AUTH = [TokenAuth(), LoggedIn()]
AUTH_OR_ANYONE = [*AUTH, anyone]
