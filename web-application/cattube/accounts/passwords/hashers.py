"""Hashing of passwords: Django's own, by those who have a place for it."""

from typing import Any

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from cattube.accounts.login.check_places import check_place


class PlacedPasswordHasher(PBKDF2PasswordHasher):
    """Django's default. Whatever hashes or checks a password, at whichever page, takes a place here.

    A page that knows who it is from takes the place itself, before. Raises TooManyAttempts.
    """

    def encode(self, *arguments: Any, **options: Any) -> str:
        with check_place(is_home=False):
            return super().encode(*arguments, **options)
