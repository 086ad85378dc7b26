"""Decorator of pages and forms for people who are logged in."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from cattube.web.pages.came_from import came_from

View = Callable[Concatenate[HttpRequest, ...], HttpResponse]
UNDONE = "That was not done: you had been logged out. Do it once more."


def login_required(view: View) -> View:
    """Send a guest to log in, and from there to this page; a form leads back to the page it stands on.

    Django's own leads to the address of the form, which may be none to be read.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method in ("GET", "HEAD"):
            return redirect_to_login(request.get_full_path())
        return _log_in_and_do_again(request)

    return wrapped


def _log_in_and_do_again(request: HttpRequest) -> HttpResponse:
    # What a script sends, it tells of itself.
    if request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate":
        messages.error(request, UNDONE)
    query = urlencode({"next": came_from(request), "undone": 1}, safe="/")
    return redirect(f"{reverse('account_login')}?{query}")
