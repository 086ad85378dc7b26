"""What accounts have besides name and password: API tokens, and where their logins come from."""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from datetime import timedelta
from typing import ClassVar

from django.contrib.auth.models import User
from django.db import OperationalError, models
from django.utils import timezone

PREFIX = "cat_"
USE_RECORDED_EVERY = timedelta(hours=1)


def digest(token: str) -> str:
    # A plain hash is enough: the token has 256 random bits, so there is nothing to guess.
    return hashlib.sha256(token.encode()).hexdigest()


class ApiTokenManager(models.Manager["ApiToken"]):
    def issue(self, user: User, *, label: str = "") -> str:
        """New token for `user`, in clear for this one time."""
        token = PREFIX + secrets.token_urlsafe(32)
        self.create(user=user, label=label, digest=digest(token))
        return token

    def user_of(self, token: str) -> User | None:
        """Owner of the token; None when there is none or the account is closed."""
        row = self.select_related("user").filter(digest=digest(token), user__is_active=True).first()
        if row is None:
            return None
        self._record_use(row)
        return row.user

    def _record_use(self, token: ApiToken) -> None:
        now = timezone.now()
        if token.last_used_at is None or now - token.last_used_at > USE_RECORDED_EVERY:
            # A reader must neither wait for a writer nor fail with it.
            with contextlib.suppress(OperationalError):
                self.filter(pk=token.pk).update(last_used_at=now)


class ApiToken(models.Model):
    """Permission for a script to act as `user`."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    label = models.CharField(max_length=80, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[ApiTokenManager] = ApiTokenManager()

    def __str__(self) -> str:
        return f"token {self.label or self.pk} of {self.user}"


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


class ProxySighting(models.Model):
    """Header of a proxy that the site was not told to trust; one row, the latest."""

    header = models.CharField(max_length=40)
    address = models.CharField(max_length=45)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.header} from {self.address} at {self.seen_at}"
