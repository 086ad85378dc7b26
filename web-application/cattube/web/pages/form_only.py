"""Decorator of addresses that take forms alone: there is no page to read."""

from collections.abc import Callable
from typing import Concatenate

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

View = Callable[Concatenate[HttpRequest, ...], HttpResponse]
_views: set[object] = set()


def form_only(view: View) -> View:
    """Django's `require_POST`, noted for `is_form_only`. It stands above all other decorators."""
    wrapped: View = require_POST(view)
    _views.add(wrapped)
    return wrapped


def is_form_only(view: object) -> bool:
    """view: what an address resolves to."""
    return view in _views
