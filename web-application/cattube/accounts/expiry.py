"""End of sessions, tokens and attempts that nobody can use any more."""

from datetime import timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.utils import timezone

from cattube.accounts.login.attempt_limits import WINDOW
from cattube.accounts.models import ApiToken, Attempt, LoginSession

# Time in which the settings of an account still list a token that has expired.
EXPIRED_TOKEN_LIFETIME = timedelta(days=30)


def delete_expired(**_: Any) -> None:
    """Delete sessions and attempts that have ended, and tokens that expired a while ago."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    LoginSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    Attempt.objects.filter(at__lt=now - WINDOW).delete()
    ApiToken.objects.filter(expires_at__lt=now - EXPIRED_TOKEN_LIFETIME).delete()
