"""The person who makes a request."""

from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest


def person_of(request: HttpRequest) -> User:
    """Account of whoever is logged in, for routes that nobody else gets to."""
    return cast(User, request.user)
