"""The mission's commands on a state folder that is not there yet, each in a process of its own."""

from __future__ import annotations

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from manage_command import ROOM, environment_for, manage

from cattube.config import state_folder


def test_migrate_makes_secrets_and_database_for_this_user_alone_d16(tmp_path: Path) -> None:
    data = tmp_path / "data"

    done = manage(data, "migrate")
    checked = manage(data, "makemigrations", "--check", "--dry-run")

    assert done.returncode == 0, done.stderr
    assert checked.returncode == 0, checked.stdout
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    for name in ("secrets.env", "web.sqlite3"):
        assert stat.S_IMODE((data / name).stat().st_mode) == 0o600


def test_d40_folder_that_was_there_is_shut_to_other_users(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o755)

    state_folder.prepare(data)

    assert stat.S_IMODE(data.stat().st_mode) == 0o700


def test_reconciler_ends_at_once_when_told_to(tmp_path: Path) -> None:
    manage(tmp_path, "migrate")
    argv = [sys.executable, "manage.py", "reconcile", "--watch"]
    with subprocess.Popen(argv, cwd=ROOM, env=environment_for(tmp_path), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert b"every" in process.stdout.readline()

        process.terminate()

        assert process.wait(timeout=120) == 0


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


def test_secrets_that_an_older_version_did_not_make_are_added_to_the_others(tmp_path: Path) -> None:
    file = tmp_path / "secrets.env"
    file.write_text("SECRET_KEY=kept\nTRANSLOADIT_KEY=k\nTRANSLOADIT_SECRET=s")

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: state_folder.read_secrets(file), range(16)))

    assert all(secrets == results[0] for secrets in results)
    assert results[0]["SECRET_KEY"] == "kept"
    assert len(results[0]["VIDEOS_TOKEN"]) == 64


def test_two_rooms_that_start_at_once_share_their_secrets(tmp_path: Path) -> None:
    file = tmp_path / "secrets.env"

    with ThreadPoolExecutor(16) as pool:
        results = list(pool.map(lambda _: state_folder.read_secrets(file), range(64)))

    assert all(secrets == results[0] for secrets in results)
    assert set(results[0]) == set(state_folder.GENERATED)
    assert [path.name for path in tmp_path.iterdir()] == ["secrets.env"]


def test_secrets_differ_from_site_to_site_d16(tmp_path: Path) -> None:
    first, second = state_folder.read_secrets(tmp_path / "a"), state_folder.read_secrets(tmp_path / "b")

    assert not set(first.values()) & set(second.values())
