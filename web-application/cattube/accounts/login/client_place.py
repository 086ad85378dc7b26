"""Place that an attempt at a password comes from."""

from dataclasses import dataclass

from django.http import HttpRequest

from cattube.accounts.client_address import client_address
from cattube.accounts.models import HomeAddress
from cattube.accounts.sessions.known_browsers import known_browser


@dataclass(frozen=True)
class Place:
    """key: what attempts from here are counted by. is_home: the owner of the account was here last."""

    key: str
    is_home: bool


def place_of(request: HttpRequest, name: str) -> Place:
    """Place of the request, as seen from the account `name`, whether there is one or not."""
    browser, address = known_browser(request, name), client_address(request)
    return Place(browser or address, is_home=bool(browser) or address in home_addresses(name))


def home_addresses(name: str) -> list[str]:
    if "\x00" in name:  # which PostgreSQL cannot be asked for
        return []
    owners = HomeAddress.objects.filter(user__username__iexact=name.strip())
    return list(owners.values_list("address", flat=True))
