"""Sessions in Django's table, read by a prepared query: each request of somebody logged in reads one."""

from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from cattube.prepared_query import PreparedQuery

_DJANGOS_BACKEND = "django.contrib.auth.backends.ModelBackend"
_SESSION = PreparedQuery(lambda: Session.objects.filter(pk=""))


# Of Django's own name, which is in the salt of what sessions hold: those that are open stay so.
class SessionStore(DatabaseSessionStore):
    def load(self) -> dict[str, Any]:
        sessions = _SESSION.read(self.session_key or "")
        if sessions and sessions[0].expire_date > timezone.now():
            return _of_our_backend(self.decode(sessions[0].session_data))
        return super().load()


def _of_our_backend(session: dict[str, Any]) -> dict[str, Any]:
    """The session; one that was begun under an earlier version names a backend that is not there any more."""
    if session.get(BACKEND_SESSION_KEY) == _DJANGOS_BACKEND:
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    return session
