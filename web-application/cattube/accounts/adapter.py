"""Behaviour of allauth on this site: names in place of e-mail addresses; sign-up and limits of our own."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, User
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from cattube.accounts.login.attempts import TooManyAttempts, begin_login
from cattube.accounts.login.check_places import check_place
from cattube.accounts.login.client_place import place_of
from cattube.accounts.usernames import complaint, normalized


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SIGN_UP_OPEN)

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """Name for a new account. Raises ValidationError for one that looks like another's (D55)."""
        name: str = super().clean_username(normalized(username), shallow)
        if reason := complaint(name, User.objects.values_list("username", flat=True)):
            raise ValidationError(reason)
        return name

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Account with this name and password. Raises ValidationError after too many attempts."""
        name = credentials.get("username", "")
        place = place_of(request, name)
        try:
            with check_place(is_home=place.is_home):
                attempt = begin_login(name, place)
                user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        except TooManyAttempts as error:
            raise ValidationError(str(error), code="too_many_login_attempts") from error
        if user is not None:
            attempt.delete()
        return user


def display_name(user: AbstractBaseUser) -> str:
    return user.get_username()
