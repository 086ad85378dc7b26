"""Visits of people who are logged in."""

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from django.utils import timezone

from cattube.accounts.models import HomeAddress


def record_visit(request: HttpRequest, address: str) -> None:
    """Remember that the person of this session came from `address`."""
    # A token may have made the request another's than the session's.
    if not request.user.is_authenticated or str(request.user.pk) != request.session[SESSION_KEY]:
        return
    HomeAddress.objects.update_or_create(
        user_id=request.user.pk, defaults={"address": address, "seen_at": timezone.now()}
    )
