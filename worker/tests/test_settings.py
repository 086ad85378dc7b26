"""What an operator can set, and what happens when it is wrong."""

from __future__ import annotations

import fcntl
import json
import socket
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest
from pydantic import SecretStr

from cattube_worker.settings import (
    ROOM,
    ConfigSettings,
    EnvironmentSettings,
    Settings,
    SettingsError,
    load_settings,
)
from cattube_worker.settings.sources import as_text

from .conftest import settings_for
from .server.conftest import PATIENCE_SECONDS


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
        ("import_hosts", "http://minio.lan"),
        ("import_hosts", "minio.lan:0"),
        ("notify_hosts", "minio.lan/x"),
        ("bucket_name", "cats"),
        ("b2_application_key", "secret"),
        ("b2_endpoint_url", "https://s3.example.com/bucket"),
        ("b2_endpoint_url", "ftp://s3.example.com"),
        ("bucket_custom_domain", "https://cdn.example.com"),
        ("host_name", "two words"),
        ("broker_url", "redis://queue.lan"),
        ("broker_url", "amqp://"),
        ("job_threads", "0"),
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


def test_host_is_called_as_its_machine_is_unless_it_gets_a_name(tmp_path: Path) -> None:
    assert settings_for(tmp_path).host_name == socket.gethostname()
    assert settings_for(tmp_path, host_name="worker-1").host_name == "worker-1"


def test_first_start_makes_secrets_that_stay_and_nobody_else_reads(tmp_path: Path) -> None:
    """D16"""
    first = load_settings({"CATTUBE_DATA": "data"}, tmp_path)
    second = load_settings({"CATTUBE_DATA": "data"}, tmp_path)

    assert (first.transloadit_secret, first.engine_secret) == (
        second.transloadit_secret,
        second.engine_secret,
    )
    assert first.transloadit_secret.get_secret_value() != ""
    files = sorted((tmp_path / "data").iterdir())
    assert [file.name for file in files] == ["engine-secrets.env", "secrets.env"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_both_rooms_starting_at_once_agree_on_the_secrets(tmp_path: Path) -> None:
    secrets: list[tuple[SecretStr, SecretStr]] = []
    barrier = threading.Barrier(8, timeout=PATIENCE_SECONDS)

    def start() -> None:
        barrier.wait()
        settings = load_settings({"CATTUBE_DATA": "data"}, tmp_path)
        secrets.append((settings.transloadit_secret, settings.engine_secret))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(secrets) == 8
    assert len(set(secrets)) == 1


@pytest.mark.parametrize(
    ("machine", "name"),
    [
        ("roof-1.lan", "roof-1.lan"),
        ("(none)", "none"),
        ("Tom's PC", "Tom-s-PC"),
        ("", "host"),
        ("c" * 200, "c" * 100),
    ],
)
def test_w78_engine_starts_on_a_machine_of_any_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, machine: str, name: str
) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: machine)

    assert load_settings({"CATTUBE_DATA": str(tmp_path)}).host_name == name


def test_d50_secret_of_the_engine_is_in_no_file_that_the_site_reads(tmp_path: Path) -> None:
    settings = load_settings({"CATTUBE_DATA": "data"}, tmp_path)

    shared = (tmp_path / "data" / "secrets.env").read_text()
    assert settings.engine_secret.get_secret_value() not in shared
    assert settings.engine_secret != settings.transloadit_secret
    assert "SECRET_KEY" not in shared


@pytest.mark.parametrize(
    "environ",
    [{}, {"WORKER_DATABASE_URL": "postgresql://tube@db/tube"}, {"TRANSLOADIT_SECRET": "kept"}],
    ids=["database in the folder", "database elsewhere", "account of the operator's"],
)
def test_d50_engine_that_was_there_keeps_the_secret_that_its_credentials_have(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    """Links of an older version go on too."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "secrets.env").write_text("TRANSLOADIT_KEY=k\nTRANSLOADIT_SECRET=kept\nVIDEOS_TOKEN=v\n")
    if not environ:
        (data / "worker.sqlite3").touch()

    load_settings({"CATTUBE_DATA": "data", **environ}, tmp_path)
    later = load_settings({"CATTUBE_DATA": "data", "TRANSLOADIT_SECRET": "another"}, tmp_path)

    assert later.transloadit_secret.get_secret_value() == "another"
    assert later.engine_secret.get_secret_value() == "kept"


def test_d50_engine_starts_while_the_site_takes_its_secret_out_of_the_shared_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, content = tmp_path / "data", "TRANSLOADIT_KEY=k\nTRANSLOADIT_SECRET=s\n"
    data.mkdir()
    shared, replacement = data / "secrets.env", data / "replacement"
    shared.write_text(f"SECRET_KEY=the site's\n{content}")
    replacement.write_text(content)
    lock = fcntl.flock

    def lock_after_the_site(file: IO[str], operation: int) -> None:
        if replacement.exists():
            replacement.replace(shared)
        lock(file, operation)

    monkeypatch.setattr(fcntl, "flock", lock_after_the_site)
    settings = load_settings({"CATTUBE_DATA": "data"}, tmp_path)

    assert shared.read_text().startswith(content)
    assert f"VIDEOS_TOKEN={settings.videos_token.get_secret_value()}" in shared.read_text()


@pytest.mark.parametrize("show", [str, repr, lambda settings: str(settings.model_dump())])
def test_settings_shown_in_a_log_hide_their_secrets(tmp_path: Path, show: Callable[[Settings], str]) -> None:
    """W23"""
    settings = settings_for(
        tmp_path,
        transloadit_secret="hidden signature",
        engine_secret="hidden key",
        videos_token="hidden token",
        worker_database_url="postgresql://tube:hidden@db.example.org/tube",
        b2_endpoint_url="s3.us-west-004.backblazeb2.com",
        b2_application_key_id="key id",
        b2_application_key="hidden password",
        bucket_name="cats",
    )

    assert "key id" in show(settings)
    assert "hidden" not in show(settings)


def test_every_setting_stands_in_the_environment_or_in_config() -> None:
    of_environment, of_config = set(EnvironmentSettings.model_fields), set(ConfigSettings.model_fields)

    assert of_environment.isdisjoint(of_config)
    assert of_environment | of_config == set(Settings.model_fields)


def test_setting_that_is_empty_counts_as_none_and_hides_those_below(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("JOB_THREADS=3\n")

    settings = load_settings({"CATTUBE_DATA": "data", "JOB_THREADS": "", "WORKER_DATABASE_URL": ""}, tmp_path)

    assert settings.job_threads == 1
    database = f"sqlite:///{tmp_path / 'data' / 'worker.sqlite3'}"
    assert settings.worker_database_url.get_secret_value() == database


def test_message_of_a_wrong_setting_says_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as failure:
        settings_for(tmp_path, max_upload_bytes="10GB", job_threads="many")

    assert str(failure.value) == "JOB_THREADS=many: expected a whole number"


def test_template_of_the_dotenv_file_shows_every_setting_with_its_default() -> None:
    lines = (ROOM / ".env.template").read_text().splitlines()

    assert [line for line in lines if "=" in line] == [
        f"# {name.upper()}={as_text(field.default)}"
        for name, field in EnvironmentSettings.model_fields.items()
    ]


def test_config_that_is_delivered_says_what_the_defaults_are() -> None:
    defaults = {name.upper(): field.default for name, field in ConfigSettings.model_fields.items()}

    assert json.loads((ROOM / "config.json").read_text()).items() <= defaults.items()


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({}, ("127.0.0.1:*", "localhost:*")),
        ({"notify_hosts": "Tube.lan, [::1]:8000"}, ("tube.lan", "[::1]:8000")),
        ({"trusted_hosts": "tube.lan"}, ("tube.lan:*",)),
        ({"trusted_hosts": "tube.lan", "notify_hosts": "127.0.0.1:8000"}, ("tube.lan:*", "127.0.0.1:8000")),
    ],
)
def test_w43_the_old_list_of_trusted_hosts_counts_for_notifications_alone(
    tmp_path: Path, settings: dict[str, str], names: tuple[str, ...]
) -> None:
    read = settings_for(tmp_path, **settings)

    assert (read.notification_hosts, read.import_hosts) == (names, ())
