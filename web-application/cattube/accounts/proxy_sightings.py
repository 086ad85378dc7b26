"""Sightings of a proxy that the site was not told to trust."""

from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address

from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from cattube.accounts.models import ProxySighting

FORWARDED_HEADERS = ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded")
SIGHTING_SECONDS = 3600


class ProxySightingMiddleware:
    """Record that a proxy's headers arrive while TRUST_PROXY is not set; `manage.py doctor` tells it.

    Only from loopback and private addresses: from elsewhere a client may have made them up.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.TRUST_PROXY:
            header = next((name for name in FORWARDED_HEADERS if name in request.headers), None)
            if header and _is_near(request.META.get("REMOTE_ADDR", "")):
                _record(header, request.META["REMOTE_ADDR"])
        return self.get_response(request)


def _is_near(address: str) -> bool:
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    return ip.is_loopback or ip.is_private


def _record(header: str, address: str) -> None:
    if cache.add("proxy-sighting", True, SIGHTING_SECONDS):
        with suppress(OperationalError):
            sighting = {"header": header, "address": address[:45], "seen_at": timezone.now()}
            ProxySighting.objects.update_or_create(pk=1, defaults=sighting)
