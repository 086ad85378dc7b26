"""Users as Django's own backend knows them, read by a prepared query: each request of a session reads one."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User

from cattube.accounts.open_accounts import is_open
from cattube.prepared_query import PreparedQuery

_USER = PreparedQuery(lambda: User.objects.select_related("group_account").filter(pk=0))


class UserBackend(ModelBackend):
    # Any, as in Django: keys of users may be of any type there.
    def get_user(self, user_id: Any) -> User | None:
        users = _USER.read(user_id)
        return users[0] if users and self.user_can_authenticate(users[0]) else None

    def user_can_authenticate(self, user: Any) -> bool:
        # Whatever an administrator or a script has ticked: members act for a group, nobody is one.
        return is_open(user)
