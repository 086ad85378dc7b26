"""What an operator can set, and what happens when it is wrong."""

from __future__ import annotations

import json
import stat
import threading
from pathlib import Path

import pytest

from cattube_worker import secrets_file
from cattube_worker.settings import (
    CONFIG,
    ENVIRONMENT,
    ROOM,
    SETTINGS,
    Settings,
    SettingsError,
    load_settings,
)

from .conftest import settings_for


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_upload_bytes", "10GB"),
        ("max_upload_bytes", "0"),
        ("delete_tmp_files", "maybe"),
        ("worker_port", "99999"),
        ("public_url", "engine.example.org"),
        ("public_url", "https://example.org/engine"),
        ("notification_signature", "md5"),
        ("log_level", "loud"),
        ("bucket_name", "cats"),
        ("b2_application_key", "secret"),
        ("b2_endpoint_url", "https://s3.example.com/bucket"),
        ("b2_endpoint_url", "ftp://s3.example.com"),
        ("bucket_custom_domain", "https://cdn.example.com"),
    ],
)
def test_wrong_setting_stops_the_start_and_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name.upper()):
        settings_for(tmp_path, **{name: value})


@pytest.mark.parametrize(
    ("content", "said"),
    [('{"TEA": 1}', "TEA"), ("[]", "object"), ("{", "JSON"), ('{"JOB_THREADS": "x"}', "JOB_THREADS=x")],
)
def test_config_that_cannot_be_read_stops_the_start(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "config.json").write_text(content)

    with pytest.raises(SettingsError, match=said):
        load_settings({"CATTUBE_DATA": "data"}, tmp_path)


def test_environment_goes_before_dotenv_goes_before_config(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"JOB_THREADS": 2, "MAX_FILES": 2, "DELETE_TMP_FILES": false}')
    (tmp_path / ".env").write_text("JOB_THREADS=3\nMAX_FILES=3\n")

    settings = load_settings({"CATTUBE_DATA": "data", "JOB_THREADS": "4"}, tmp_path)

    assert (settings.job_threads, settings.max_files, settings.delete_tmp_files) == (4, 3, False)
    assert settings.cattube_data == tmp_path / "data"


def test_first_start_makes_secrets_that_stay_and_nobody_else_reads(tmp_path: Path) -> None:
    """D16"""
    first = load_settings({"CATTUBE_DATA": "data"}, tmp_path)
    second = load_settings({"CATTUBE_DATA": "data"}, tmp_path)

    path = tmp_path / "data" / "secrets.env"
    assert first.transloadit_secret == second.transloadit_secret != ""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["secrets.env"]


def test_both_rooms_starting_at_once_agree_on_the_secrets(tmp_path: Path) -> None:
    found: list[str] = []
    barrier = threading.Barrier(8)

    def start() -> None:
        barrier.wait()
        found.append(secrets_file.read_or_create(tmp_path / "secrets.env")["TRANSLOADIT_SECRET"])

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert len(set(found)) == 1


def test_settings_shown_in_a_log_hide_their_secrets(tmp_path: Path) -> None:
    """W23"""
    assert "a secret for tests" not in repr(settings_for(tmp_path))


def test_every_setting_has_a_field_of_its_name() -> None:
    assert {setting.name.lower() for setting in SETTINGS} == set(Settings.__dataclass_fields__)


def test_template_of_the_dotenv_file_shows_every_setting_with_its_default() -> None:
    lines = (ROOM / ".env.template").read_text().splitlines()

    assert [line for line in lines if "=" in line] == [
        f"# {setting.name}={setting.default}" for setting in ENVIRONMENT
    ]


def test_config_that_is_delivered_says_what_the_defaults_are() -> None:
    defaults = {setting.name: setting.read(setting.default) for setting in CONFIG}

    assert json.loads((ROOM / "config.json").read_text()).items() <= defaults.items()
