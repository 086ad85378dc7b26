"""What accounts keep for a while has an end (D53)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from cattube.accounts.models import ApiToken, Attempt, LoginSession
from cattube.accounts.tokens.token_scopes import Scope

pytestmark = pytest.mark.django_db


def test_d53_sessions_that_have_ended_are_deleted(as_alice: Client, as_bob: Client) -> None:
    for client in (as_alice, as_bob):
        client.get("/upload/")
    ended = str(as_bob.session.session_key)
    Session.objects.filter(pk=ended).update(expire_date=timezone.now() - timedelta(seconds=1))

    call_command("reconcile")

    assert [session.pk for session in Session.objects.all()] == [as_alice.session.session_key]
    assert [login.user.username for login in LoginSession.objects.all()] == ["alice"]
    assert as_alice.get("/upload/").status_code == 200


def test_d53_token_is_deleted_a_month_after_it_has_expired(alice: User) -> None:
    now = timezone.now()
    for label, days in (("good", 1), ("just expired", -29), ("long expired", -31)):
        expires_at = now + timedelta(days=days)
        ApiToken.objects.issue_with(alice, scopes=[Scope.READ], label=label, expires_at=expires_at)
    ApiToken.objects.issue(alice, label="without an end")

    call_command("reconcile")

    assert {token.label for token in ApiToken.objects.all()} == {"good", "just expired", "without an end"}


def test_d53_attempts_that_count_no_more_are_deleted(alice: User) -> None:
    now = timezone.now()
    for minutes in (59, 61):
        at = now - timedelta(minutes=minutes)
        Attempt.objects.create(kind=Attempt.Kind.LOGIN, name_digest="x", address=str(minutes), at=at)

    call_command("reconcile")

    assert [attempt.address for attempt in Attempt.objects.all()] == ["59"]
