"""Attempts at passwords, counted in the database: they are remembered over a restart.

Names are kept as keyed digests: people type passwords into the field for the name too.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from cattube.accounts.login import attempt_limits as limits
from cattube.accounts.login.attempt_limits import WINDOW, AttemptLimit, pause_left
from cattube.accounts.login.client_place import Place, home_addresses
from cattube.accounts.models import Attempt
from cattube.errors import SiteError


class TooManyAttempts(SiteError):
    code, status = "TOO_MANY_ATTEMPTS", 429

    def __init__(self, pause: timedelta) -> None:
        seconds = max(1, round(pause.total_seconds()))
        super().__init__(f"Too many attempts. Wait {_in_words(seconds)}, then try again.")
        self.retry_after_seconds = seconds


def begin_login(name: str, place: Place) -> Attempt:
    """Attempt at the password of `name`, which counts as failed until it is withdrawn.

    It counts at once, so that a hundred attempts at the same moment are a hundred. Raises TooManyAttempts.
    """
    digest, now = digest_of(name), timezone.now()
    with transaction.atomic():
        _take_turns(digest)
        _refuse_for(_login_pause(name, place, now))
        Attempt.objects.filter(at__lt=now - WINDOW).delete()
        return Attempt.objects.create(kind=Attempt.Kind.LOGIN, name_digest=digest, address=place.key, at=now)


def begin_reset(name: str, address: str) -> None:
    """Count a request for a link to a new password. Raises TooManyAttempts."""
    digest, now = digest_of(name), timezone.now()
    requests = Attempt.objects.filter(kind=Attempt.Kind.RESET)
    with transaction.atomic():
        _take_turns(digest)
        _refuse_for(
            max(
                _pause(requests.filter(name_digest=digest), limits.RESETS_OF_NAME, now),
                _pause(requests.filter(address=address), limits.RESETS_OF_ADDRESS, now),
            )
        )
        Attempt.objects.filter(at__lt=now - WINDOW).delete()
        Attempt.objects.create(kind=Attempt.Kind.RESET, name_digest=digest, address=address, at=now)


def forget_failures(name: str) -> None:
    """Forget the failed logins of `name`: its password is another now."""
    Attempt.objects.filter(kind=Attempt.Kind.LOGIN, name_digest=digest_of(name)).delete()


def digest_of(name: str) -> str:
    return salted_hmac("cattube.accounts.attempts", name.strip().lower(), algorithm="sha256").hexdigest()


def _take_turns(digest: str) -> None:
    """Let attempts at one name be counted one after the other, until the transaction ends."""
    if connection.vendor == "postgresql":  # SQLite has one writer at a time anyway
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(digest[:15], 16)])


def _login_pause(name: str, place: Place, now: datetime) -> timedelta:
    failures = Attempt.objects.filter(kind=Attempt.Kind.LOGIN)
    of_name, here = Q(name_digest=digest_of(name)), Q(address=place.key)
    if place.is_home:
        return _pause(failures.filter(of_name, here), limits.AT_HOME, now)
    return max(
        _pause(failures.filter(of_name, here), limits.FROM_ELSEWHERE, now),
        _pause(failures.filter(of_name).exclude(address__in=home_addresses(name)), limits.OF_NAME, now),
        _pause(failures.filter(here), limits.OF_ADDRESS, now),
    )


def _pause(attempts: QuerySet[Attempt], limit: AttemptLimit, now: datetime) -> timedelta:
    # More than these change nothing: the pause has long been the longest.
    latest = attempts.filter(at__gt=now - WINDOW).order_by("-at").values_list("at", flat=True)
    return pause_left(list(latest[: limit.free + 20]), limit, now)


def _refuse_for(pause: timedelta) -> None:
    if pause > timedelta(0):
        raise TooManyAttempts(pause)


def _in_words(seconds: int) -> str:
    if seconds < 60:
        return f"{seconds} second{'' if seconds == 1 else 's'}"
    minutes = -(-seconds // 60)
    return f"{minutes} minute{'' if minutes == 1 else 's'}"
