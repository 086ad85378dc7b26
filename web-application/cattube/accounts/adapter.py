"""allauth's behaviour on this site: names in place of e-mail addresses, sign-up as the settings say."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SIGN_UP_OPEN)


def display_name(user: AbstractBaseUser) -> str:
    return user.get_username()
