"""What accounts have besides name and password: API tokens, and where their logins come from."""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.auth.models import User
from django.db import OperationalError, models
from django.utils import timezone

from cattube.accounts.open_accounts import is_open
from cattube.accounts.sessions.devices import device_name
from cattube.accounts.tokens.token_scopes import Scope, in_order
from cattube.prepared_query import PreparedQuery

PREFIX = "cat_"
MAX_LABEL_CHARACTERS = 80
MAX_USER_AGENT_CHARACTERS = 200
USE_RECORDED_EVERY = timedelta(hours=1)
# Scripts send their token with each request.
_TOKEN: PreparedQuery[ApiToken] = PreparedQuery(lambda: ApiToken.objects.filter(digest=""))
_USER = PreparedQuery(lambda: User.objects.select_related("group_account").filter(pk=0))


def digest(token: str) -> str:
    # A plain hash is enough: the token has 256 random bits, so there is nothing to guess.
    return hashlib.sha256(token.encode()).hexdigest()


class ApiTokenManager(models.Manager["ApiToken"]):
    def issue(self, user: User, *, label: str = "") -> str:
        """New token for `user` that may do everything, in clear for this one time."""
        return self.issue_with(user, scopes=Scope, label=label)[1]

    def issue_with(
        self,
        user: User,
        *,
        scopes: Iterable[Scope],
        label: str = "",
        expires_at: datetime | None = None,
        made_by: ApiToken | None = None,
    ) -> tuple[ApiToken, str]:
        """New token for `user`: its row, and its text for this one time."""
        text = PREFIX + secrets.token_urlsafe(32)
        row = self.create(
            user=user,
            label=label,
            digest=digest(text),
            scopes=" ".join(in_order(scopes)),
            expires_at=expires_at,
            made_by=made_by,
        )
        return row, text

    def of(self, token: str) -> ApiToken | None:
        """Row of the token, expired or not; None when there is none or the account is closed."""
        rows = _TOKEN.read(digest(token))
        users = _USER.read(rows[0].user_id) if rows else []
        if not users or not is_open(users[0]):
            return None
        row, row.user = rows[0], users[0]
        if not row.has_expired:
            self._record_use(row)
        return row

    def _record_use(self, token: ApiToken) -> None:
        now = timezone.now()
        if token.last_used_at is None or now - token.last_used_at > USE_RECORDED_EVERY:
            # A reader must neither wait for a writer nor fail with it.
            with contextlib.suppress(OperationalError):
                self.filter(pk=token.pk).update(last_used_at=now)


class ApiToken(models.Model):
    """Permission for a script to act as `user`, within its scopes and until it expires.

    made_by: token that made this one by the API; whoever withdraws that one withdraws this one too.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    label = models.CharField(max_length=MAX_LABEL_CHARACTERS, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.CharField(max_length=40, default=" ".join(Scope), editable=False)
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    made_by = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[ApiTokenManager] = ApiTokenManager()

    def __str__(self) -> str:
        return f"token {self.label or self.pk} of {self.user}"

    @property
    def scope_set(self) -> frozenset[Scope]:
        return frozenset(map(Scope, self.scopes.split()))

    @property
    def scope_words(self) -> str:
        """Scopes as people are told them: `read, upload`."""
        return ", ".join(in_order(self.scope_set))

    @property
    def has_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()


class Attempt(models.Model):
    """Attempt at somebody's password, or a request for a link to a new one.

    name_digest: of the name as it was typed, whether there is such an account or not.
    """

    class Kind(models.TextChoices):
        LOGIN = "login"
        RESET = "reset"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    name_digest = models.CharField(max_length=64)
    address = models.CharField(max_length=45)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "name_digest", "at"], name="attempt_of_name"),
            models.Index(fields=["kind", "address", "at"], name="attempt_from_address"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} from {self.address} at {self.at}"


class HomeAddress(models.Model):
    """Address that `user` last came from while logged in; nobody else can shut it for them."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="home_address")
    address = models.CharField(max_length=45)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user} at {self.address}"


class LoginSession(models.Model):
    """Use of one session of Django's: by which device, from where, and when last."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="login_sessions")
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    address = models.CharField(max_length=45)
    user_agent = models.CharField(max_length=MAX_USER_AGENT_CHARACTERS, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.device} of {self.user}"

    @property
    def device(self) -> str:
        return device_name(self.user_agent)


class StorageLimit(models.Model):
    """Limit that an administrator has set for the videos of `user`."""

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="storage_limit"
    )
    max_bytes = models.PositiveBigIntegerField(
        "most bytes", help_text="In place of MAX_BYTES_PER_USER; 0: no limit."
    )

    def __str__(self) -> str:
        return f"limit of {self.user}"


class ProxySighting(models.Model):
    """Header of a proxy that the site was not told to trust; one row, the latest."""

    header = models.CharField(max_length=40)
    address = models.CharField(max_length=45)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.header} from {self.address} at {self.seen_at}"
