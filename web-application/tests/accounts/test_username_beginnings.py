"""Accounts by the first letters of their names, as a search field asks for them."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import connection

INDEX = "accounts_username_beginnings"


@pytest.fixture
def _prefers_indexes(db: None) -> None:
    """PostgreSQL would read a table as small as this one; SQLite knows no sizes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")


@pytest.mark.usefixtures("_prefers_indexes")
def test_names_with_a_beginning_are_found_without_reading_all_accounts() -> None:
    User.objects.bulk_create(User(username=f"cat-{number}") for number in range(50))
    whiskers = User.objects.create(username="Whiskers")

    found = User.objects.filter(username__istartswith="whisk").order_by("username")

    assert INDEX in found.explain()
    assert list(found) == [whiskers]
