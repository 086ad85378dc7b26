"""Visits of people who are logged in: where from, by which device, and when."""

from typing import cast

from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from cattube.accounts.models import MAX_USER_AGENT_CHARACTERS, HomeAddress, LoginSession


def record_visit(request: HttpRequest, address: str) -> None:
    """Remember that the person of this session came from `address`."""
    user, now = cast(User, request.user), timezone.now()
    HomeAddress.objects.update_or_create(user=user, defaults={"address": address, "seen_at": now})
    device = request.headers.get("User-Agent", "").replace("\x00", "")[:MAX_USER_AGENT_CHARACTERS]
    _, is_new = LoginSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={"user": user, "address": address, "user_agent": device, "last_seen_at": now},
    )
    if is_new:
        known = Session.objects.filter(expire_date__gt=now).values("session_key")
        LoginSession.objects.filter(user=user).exclude(session_key__in=known).exclude(
            session_key=request.session.session_key
        ).delete()
