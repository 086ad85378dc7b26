"""Settings read from their sources and checked."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr, ValidationError

from cattube_worker.settings import secrets_file, types
from cattube_worker.settings.limits import ConfigSettings
from cattube_worker.settings.settings import ROOM, Settings
from cattube_worker.settings.sources import SettingsError, read_texts


def load_settings(environ: Mapping[str, str] | None = None, room: Path = ROOM) -> Settings:
    """The settings for this room.

    environ: instead of the process environment, for tests.
    Raises SettingsError naming the first setting that is wrong.
    """
    allowed_in_config = {name.upper() for name in ConfigSettings.model_fields}
    texts = read_texts(os.environ if environ is None else environ, room, allowed_in_config=allowed_in_config)
    data = (room / (texts.get("CATTUBE_DATA") or Settings.model_fields["cattube_data"].default)).resolve()
    secrets = dict(secrets_file.shared_secrets(data))
    if not texts.get("ENGINE_SECRET"):
        secrets |= secrets_file.own_secrets(data, first_value=_secret_until_now(texts, secrets, data))
    values: dict[str, str | Path] = {
        name: text
        for name in Settings.model_fields
        if (text := texts.get(name.upper()) or secrets.get(name.upper()))
    }
    settings = _checked(
        {"host_name": types.machine_name(socket.gethostname()), **values, "cattube_data": data}
    )
    _check_bucket(settings)
    _check_workers(settings)
    if settings.worker_database_url.get_secret_value():
        return settings
    own_database = SecretStr(f"sqlite:///{_own_database(data)}")
    return settings.model_copy(update={"worker_database_url": own_database})


def _own_database(data: Path) -> Path:
    return data / "worker.sqlite3"


def _secret_until_now(texts: Mapping[str, str], secrets: Mapping[str, str], data: Path) -> str | None:
    """Secret that stored credentials and links may have been protected with; None when there are none yet.

    Older versions took the account's. A database of the operator's, or an account that several engines
    share, may have been in use before.
    """
    account_secret = texts.get("TRANSLOADIT_SECRET")
    if account_secret or texts.get("WORKER_DATABASE_URL") or _own_database(data).exists():
        return account_secret or secrets["TRANSLOADIT_SECRET"]
    return None


def _checked(values: Mapping[str, str | Path]) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        wrong = error.errors()[0]
        name, reason = str(wrong["loc"][0]), wrong["ctx"]["error"]
        is_secret = Settings.model_fields[name].annotation is SecretStr
        text = "***" if is_secret else values[name]
        raise SettingsError(f"{name.upper()}={text}: {reason}") from reason


def _check_workers(settings: Settings) -> None:
    """A host that leaves work to others needs a way to wake them."""
    if settings.job_threads == 0 and not settings.broker_url.get_secret_value():
        raise SettingsError("JOB_THREADS=0: expected a number above zero, as there is no BROKER_URL")


def _check_bucket(settings: Settings) -> None:
    """A bucket needs all of its settings, and a key without a bucket is a bucket that was forgotten."""
    needed = {
        "BUCKET_NAME": settings.bucket_name,
        "B2_ENDPOINT_URL": settings.b2_endpoint_url,
        "B2_APPLICATION_KEY_ID": settings.b2_application_key_id,
        "B2_APPLICATION_KEY": settings.b2_application_key.get_secret_value(),
    }
    present = [name for name, value in needed.items() if value]
    missing = [name for name, value in needed.items() if not value]
    if missing and present not in ([], ["B2_ENDPOINT_URL"]):
        raise SettingsError(f"{missing[0]}: missing, although {present[0]} is set")
    if settings.scratch == "bucket" and not settings.bucket_name:
        raise SettingsError("SCRATCH=bucket: there is no bucket, set BUCKET_NAME")
