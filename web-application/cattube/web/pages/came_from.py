"""The page of this site that a request came from."""

from urllib.parse import urlsplit

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from cattube.web.pages.form_only import is_form_only

# Nobody is led back to a door.
DOORS = {"account_login", "account_logout", "account_signup"}


def came_from(request: HttpRequest) -> str:
    """Path and query of the page that the form was sent from; the library where no page of ours is named.

    The Referer is what a browser says of itself, and anybody may say anything: its host has to be ours, and
    its path one of our pages.
    """
    try:
        referer, host = urlsplit(request.headers.get("Referer", "")), request.get_host()
    except (ValueError, DisallowedHost):
        return reverse("library")
    address = referer._replace(scheme="", netloc="", fragment="").geturl()
    is_ours = referer.netloc == host and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_ours and _is_page(referer.path) else reverse("library")


def again_url(request: HttpRequest) -> str:
    """Address of what was asked for; of the page with the form, if one was sent: it may take forms alone."""
    return request.get_full_path() if request.method in ("GET", "HEAD") else came_from(request)


def _is_page(path: str) -> bool:
    """True for what may be read. A form that was refused is shown at an address that takes forms alone."""
    try:
        page = resolve(path)
    except Resolver404:
        return False
    return page.url_name not in DOORS and not is_form_only(page.func)
