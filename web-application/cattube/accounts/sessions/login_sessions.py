"""Sessions of a person, and the ends of them."""

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.utils import timezone

from cattube.accounts.models import LoginSession


def sessions_of(user: User) -> list[LoginSession]:
    """Sessions that can still be used, the latest used first."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return list(
        LoginSession.objects.filter(user=user, session_key__in=alive).order_by("-last_seen_at", "-pk")
    )


def end_session(session: LoginSession) -> None:
    Session.objects.filter(session_key=session.session_key).delete()
    session.delete()


def end_all_sessions(user_id: int) -> None:
    """End every session of this person, also those that were not used since they are recorded."""
    LoginSession.objects.filter(user_id=user_id).delete()
    sessions = Session.objects.filter(expire_date__gt=timezone.now())
    keys = [
        session.session_key
        for session in sessions.iterator()
        if session.get_decoded().get(SESSION_KEY) == str(user_id)
    ]
    Session.objects.filter(session_key__in=keys).delete()
