"""Making of API tokens by their owners, on the settings page and by the API."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from cattube.accounts.models import ApiToken
from cattube.accounts.tokens.token_scopes import Scope
from cattube.errors import InvalidFields, NotAllowed, SiteError

MAX_TOKENS = 100
LONGEST_LIFE = timedelta(days=3650)


class TooManyTokens(SiteError):
    code, status = "TOO_MANY_TOKENS", 409

    def __init__(self) -> None:
        super().__init__(f"You have {MAX_TOKENS} tokens, the most there may be. Withdraw one first.")


def make_token(
    user: User,
    *,
    label: str,
    scopes: Iterable[Scope],
    expires_at: datetime | None,
    made_by: ApiToken | None = None,
) -> tuple[ApiToken, str]:
    """New token of `user`, and its text for this one time.

    made_by: token that asks for it; the new one may neither do more nor live longer.
    Raises InvalidFields, NotAllowed, TooManyTokens.
    """
    scopes, now = frozenset(scopes), timezone.now()
    if expires_at is not None and not now < expires_at <= now + LONGEST_LIFE:
        raise InvalidFields(
            f"expires_at: expected a time from now on and within {LONGEST_LIFE.days // 365} years"
        )
    if made_by is not None:
        _refuse_more_than(made_by, scopes, expires_at)
    if ApiToken.objects.filter(user=user).count() >= MAX_TOKENS:
        raise TooManyTokens
    return ApiToken.objects.issue_with(
        user, scopes=scopes, label=label, expires_at=expires_at, made_by=made_by
    )


def _refuse_more_than(token: ApiToken, scopes: frozenset[Scope], expires_at: datetime | None) -> None:
    missing = scopes - token.scope_set
    if missing:
        raise NotAllowed(f"scopes: this token has not the scope {min(missing)} itself, so it cannot give it.")
    if token.expires_at is not None and (expires_at is None or expires_at > token.expires_at):
        end = token.expires_at.isoformat()
        raise NotAllowed(f"expires_at: this token ends at {end}; one that it makes cannot live longer.")
