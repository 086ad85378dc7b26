"""Authentication of API calls: by token, by the session of the site, or none for reading."""

from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from ninja.security import HttpBearer, SessionAuth

from cattube.accounts.models import ApiToken


class TokenAuth(HttpBearer):
    """Authentication by `Authorization: Bearer <token>`."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        user = ApiToken.objects.user_of(token)
        if user is not None:
            request.user = user
        return user


class LoggedIn(SessionAuth):
    """Authentication by session; requests that change something need the X-CSRFToken header too."""

    def __call__(self, request: HttpRequest) -> Any:
        # Without a session no request can be forged; "log in" is the better answer then.
        return super().__call__(request) if request.user.is_authenticated else None


def anyone(request: HttpRequest) -> AnonymousUser | None:
    """Allow reading public videos without an account; refuse a wrong token all the same."""
    return None if "Authorization" in request.headers else AnonymousUser()


AUTH = [TokenAuth(), LoggedIn()]
AUTH_OR_ANYONE = [*AUTH, anyone]
