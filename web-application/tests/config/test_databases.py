"""The address of the database, and what is said when nothing answers there."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.test import Client
from manage_command import manage

from cattube.config.databases import postgresql, unusable_message

NO_SERVER = "postgresql://tube:secret-word@127.0.0.1:9/tube"
NULL_TITLE = urlsafe_b64encode(rb'["\u0000", "a"]').decode()
HALF_A_LETTER = urlsafe_b64encode(rb'["\ud800", "a"]').decode()


def test_address_is_taken_apart_and_what_is_left_goes_to_the_driver() -> None:
    database = postgresql("postgresql://tube:p%40ss@db.example:5433/cats?sslmode=require", max_connections=16)

    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example", "5433", "cats")
    assert (database["USER"], database["PASSWORD"]) == ("tube", "p@ss")
    assert database["OPTIONS"]["sslmode"] == "require"
    assert database["OPTIONS"]["pool"]["max_size"] == 16


@pytest.mark.parametrize(
    "url",
    [
        "mysql://tube:secret-word@host/cats",
        "postgresql://tube:secret-word@host:port/cats",
        "postgresql://tube:secret-word@host/cats?colour=grey",
        "postgresql://tube:secret-word@host",
        "cats",
    ],
)
def test_address_that_is_no_databases_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^DATABASE_URL=\*\*\*: .*expected an address") as failure:
        postgresql(url, max_connections=16)

    assert "secret-word" not in str(failure.value)


def test_server_that_is_not_there_stops_the_start_in_one_sentence(tmp_path: Path) -> None:
    done = manage(tmp_path, "migrate", "--verbosity=0", DATABASE_URL=NO_SERVER)

    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("DATABASE_URL: the database cannot be used: ")
    assert "Connection refused" in last
    assert "secret-word" not in done.stderr
    assert "Traceback" not in done.stderr


def test_locked_file_is_named_as_what_it_is() -> None:
    sentence = unusable_message("", OperationalError("database is locked"))

    assert sentence == "The database in CATTUBE_DATA: the database cannot be used: database is locked"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/api/videos?tag=cat%00",
        "/api/videos?q=cat%00",
        "/?tag=cat%00",
        "/videos/%00",
        f"/api/videos?order=title&cursor={NULL_TITLE}",
        f"/api/videos?order=title&cursor={HALF_A_LETTER}",
    ],
)
def test_null_in_a_question_is_no_server_error(client: Client, path: str) -> None:
    assert client.get(path).status_code < 500


@pytest.mark.django_db
def test_search_finds_words_in_any_case(as_alice: Client, alice_video: object) -> None:
    videos = as_alice.get("/api/videos?q=CAT").json()["items"]

    assert [video["title"] for video in videos] == ["Cat on a roof"]
