"""Exceptions of which Django makes error pages."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.http import Http404

from cattube.errors import NotAllowed, NotFound


@contextmanager
def errors_as_pages() -> Iterator[None]:
    """Raise Http404 for NotFound, PermissionDenied for NotAllowed, with the same sentences."""
    try:
        yield
    except NotFound as error:
        raise Http404(str(error)) from error
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
