"""Sessions in Django's table, read by a prepared query: each request of somebody logged in reads one."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from cattube.prepared_query import PreparedQuery

_SESSION = PreparedQuery(lambda: Session.objects.filter(pk=""))


# Of Django's own name, which is in the salt of what sessions hold: those that are open stay so.
class SessionStore(DatabaseSessionStore):
    def load(self) -> dict[str, Any]:
        sessions = _SESSION.read(self.session_key or "")
        if sessions and sessions[0].expire_date > timezone.now():
            return self.decode(sessions[0].session_data)
        return super().load()
