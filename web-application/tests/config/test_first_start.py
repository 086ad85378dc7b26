"""The mission's commands on a state folder that is not there yet, each in a process of its own."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from manage_command import ROOM, environment_for, manage
from servers.bounded_process import bounded_process

from cattube.config import secrets_files, state_folder

SIGN = "from django.core import signing; print(signing.dumps('meow'))"
READ = "from django.core import signing; print(signing.loads('{signed}'))"


def test_migrate_makes_secrets_and_database_for_this_user_alone_d16(tmp_path: Path) -> None:
    data = tmp_path / "data"

    done = manage(data, "migrate")
    checked = manage(data, "makemigrations", "--check", "--dry-run")

    assert done.returncode == 0, done.stderr
    assert checked.returncode == 0, checked.stdout
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    for name in ("secrets.env", "site-secrets.env", "web.sqlite3"):
        assert stat.S_IMODE((data / name).stat().st_mode) == 0o600


def test_d40_folder_that_was_there_is_shut_to_other_users(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o755)

    state_folder.prepare(data)

    assert stat.S_IMODE(data.stat().st_mode) == 0o700


def test_reconciler_ends_at_once_when_told_to(tmp_path: Path) -> None:
    manage(tmp_path, "migrate")
    argv = [sys.executable, "manage.py", "reconcile", "--watch"]
    environment = environment_for(tmp_path)
    with bounded_process(argv, cwd=ROOM, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert b"every" in process.stdout.readline()

        process.terminate()

        assert process.wait(timeout=120) == 0


@pytest.mark.parametrize(
    ("argv", "chosen"),
    [
        pytest.param(["manage.py", "reconcile", "--watch"], {}, id="apart"),
        pytest.param(
            ["-m", "gunicorn", "-c", "gunicorn.conf.py", "cattube.wsgi"], {"RECONCILE": "inside"}, id="inside"
        ),
    ],
)
def test_d53_reconciler_deletes_what_has_expired(
    tmp_path: Path, argv: list[str], chosen: dict[str, str]
) -> None:
    manage(tmp_path, "migrate")
    database = sqlite3.connect(tmp_path / "web.sqlite3", isolation_level=None)
    database.execute("INSERT INTO django_session VALUES ('x', '', '2020-01-01 00:00:00')")

    # On a socket: no port of the machine is taken.
    environment = environment_for(tmp_path) | chosen | {"WEB_SOCKET": str(tmp_path / "site")}
    with bounded_process([sys.executable, *argv], cwd=ROOM, env=environment) as process:
        ends_at = time.monotonic() + 120
        while database.execute("SELECT * FROM django_session").fetchall() and time.monotonic() < ends_at:
            time.sleep(0.1)
        process.terminate()
        process.wait(timeout=120)

    assert database.execute("SELECT * FROM django_session").fetchall() == []
    database.close()


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"WEB_PORT": "http"}, "WEB_PORT=http: expected a whole number"),
        ({"TRANSLOADIT_KEY": "k"}, "TRANSLOADIT_KEY is set without TRANSLOADIT_SECRET"),
        (
            {"TRANSLOADIT_KEY": "k", "TRANSLOADIT_SECRET": "s"},
            "TRANSLOADIT_KEY is set without TRANSLOADIT_SERVICE",
        ),
    ],
)
def test_wrong_setting_stops_the_start_by_name(
    tmp_path: Path, environment: dict[str, str], words: str
) -> None:
    done = manage(tmp_path, "check", **environment)

    assert done.returncode != 0
    assert words in done.stderr


def test_https_site_has_cookies_for_https_alone_d08(tmp_path: Path) -> None:
    done = manage(tmp_path, "check", "--deploy", "--fail-level=WARNING", SITE_URL="https://tube.example.org")

    assert done.returncode == 0, done.stderr


def read_often(folder: Path) -> list[dict[str, str]]:
    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(lambda _: secrets_files.read_secrets(folder), range(64)))


def test_secrets_that_an_older_version_did_not_make_are_added_to_the_others(tmp_path: Path) -> None:
    (tmp_path / "secrets.env").write_text("TRANSLOADIT_KEY=k\nTRANSLOADIT_SECRET=s")

    results = read_often(tmp_path)

    assert all(secrets == results[0] for secrets in results)
    assert (results[0]["TRANSLOADIT_KEY"], results[0]["TRANSLOADIT_SECRET"]) == ("k", "s")
    assert len(results[0]["VIDEOS_TOKEN"]) == 64


def test_processes_that_start_at_once_share_their_secrets(tmp_path: Path) -> None:
    results = read_often(tmp_path)

    assert all(secrets == results[0] for secrets in results)
    assert set(results[0]) == {*secrets_files.SHARED, *secrets_files.OWN}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secrets.env", "site-secrets.env"]


def test_d50_secret_of_the_site_is_in_no_file_that_the_engine_reads(tmp_path: Path) -> None:
    secrets = secrets_files.read_secrets(tmp_path)

    assert secrets["SECRET_KEY"] not in (tmp_path / "secrets.env").read_text()
    assert secrets["TRANSLOADIT_SECRET"] not in (tmp_path / "site-secrets.env").read_text()


def test_d50_secret_that_both_rooms_had_is_moved_and_stays_what_it_was(tmp_path: Path) -> None:
    """Nobody is logged out, and no link ends."""
    shared = tmp_path / "secrets.env"
    shared.write_text("SECRET_KEY=kept\nTRANSLOADIT_KEY=k\nTRANSLOADIT_SECRET=s\n# a note\nMINE=too\n")

    results = read_often(tmp_path)

    assert all(secrets == results[0] for secrets in results)
    assert results[0]["SECRET_KEY"] == "kept"
    assert (results[0]["TRANSLOADIT_KEY"], results[0]["MINE"]) == ("k", "too")
    assert "SECRET_KEY" not in shared.read_text()
    assert "# a note\n" in shared.read_text()
    assert stat.S_IMODE(shared.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secrets.env", "site-secrets.env"]


def test_d50_what_was_signed_outlives_the_move_of_the_secret(tmp_path: Path) -> None:
    signed = manage(tmp_path, "shell", "--no-imports", "-c", SIGN).stdout.strip()
    shared, own = tmp_path / "secrets.env", tmp_path / "site-secrets.env"
    shared.write_text(own.read_text() + shared.read_text())
    own.unlink()

    read = manage(tmp_path, "shell", "--no-imports", "-c", READ.format(signed=signed))

    assert read.stdout.strip() == "meow", read.stderr
    assert "SECRET_KEY" not in shared.read_text()


def test_secrets_differ_from_site_to_site_d16(tmp_path: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()

    first, second = map(secrets_files.read_secrets, folders)

    assert not set(first.values()) & set(second.values())
