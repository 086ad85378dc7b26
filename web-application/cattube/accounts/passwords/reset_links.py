"""Links with which a person sets a new password without the old one.

A link is good once, for a day, and until the person logs in: Django signs password, last login and time.
"""

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode


def reset_link(user: User, *, origin: str) -> str:
    """Address of the page for a new password. origin: of the site, as `https://tube.example.org`."""
    place = {
        "uidb64": urlsafe_base64_encode(force_bytes(user.pk)),
        "token": default_token_generator.make_token(user),
    }
    return origin + reverse("new_password", kwargs=place)


def origin_without_request() -> str:
    """Origin of the site for whoever has only its settings."""
    return settings.SITE_URL or f"http://127.0.0.1:{settings.WEB_PORT}"


def hours_to_use() -> int:
    return int(settings.PASSWORD_RESET_TIMEOUT) // 3600
