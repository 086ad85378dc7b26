"""Everything an operator can set, read in one place and checked before anything starts.

A value is looked for in the environment, then in `.env`, then in `config.json`, then in the shared secrets
file, and else the default counts. `.env` is for secrets and addresses, `config.json` for what may be shown.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

from cattube_worker import secrets_file
from cattube_worker import setting_types as kinds

ROOM = Path(__file__).resolve().parent.parent
GIB = 2**30


class SettingsError(Exception):
    """A setting is missing or cannot be read; the message names it."""


@dataclass(frozen=True)
class Setting:
    """One thing an operator can set. docs/configuration.md lists the same names; a test compares."""

    name: str
    default: str
    meaning: str
    read: Callable[[str], Any] = kinds.text
    is_secret: bool = False


ENVIRONMENT: tuple[Setting, ...] = (
    Setting("HOST", "127.0.0.1", "Address gunicorn listens on"),
    Setting("WORKER_PORT", "5678", "Port gunicorn listens on", kinds.port),
    Setting("CATTUBE_DATA", "../data", "State folder, shared by both rooms; relative to the room"),
    Setting("PUBLIC_URL", "", "Address clients reach the engine at; empty: as they asked", kinds.base_url),
    Setting(
        "WORKER_DATABASE_URL",
        "",
        "PostgreSQL, as postgresql://user:password@host/name; empty: SQLite in CATTUBE_DATA",
        kinds.database_url,
        is_secret=True,
    ),
    Setting("TRANSLOADIT_KEY", "", "Auth key clients name; empty: made at the first start"),
    Setting("TRANSLOADIT_SECRET", "", "Secret requests and notifications are signed with; empty: made"),
    Setting("REQUIRE_SIGNATURE", "true", "Refuse to create assemblies that are not signed", kinds.yes_no),
    Setting(
        "NOTIFICATION_SIGNATURE",
        "sha384",
        "Form of the signature on notifications: sha384, sha256, sha1, or sha1-bare for old receivers",
        kinds.signature_form,
    ),
    Setting(
        "TRUSTED_HOSTS",
        "127.0.0.1,localhost",
        "Hosts the engine may contact although their address is private, separated by commas",
        kinds.names,
    ),
    Setting("VIDEOS_TOKEN", "", "Token that POST /videos must carry; empty: made at the first start"),
    Setting(
        "ALLOW_ANONYMOUS_VIDEOS", "false", "Take POST /videos from anybody, without a token", kinds.yes_no
    ),
    Setting("LOG_LEVEL", "INFO", "Least serious level written to the log", kinds.log_level),
    Setting(
        "B2_ENDPOINT_URL",
        "",
        "S3 address of the bucket service, such as s3.us-west-004.backblazeb2.com",
        kinds.endpoint_url,
    ),
    Setting("B2_APPLICATION_KEY_ID", "", "Key id for the bucket"),
    Setting("B2_APPLICATION_KEY", "", "Key for the bucket"),
    Setting("BUCKET_NAME", "", "Private bucket for videos; empty: the folder `bucket` in CATTUBE_DATA"),
    Setting(
        "BUCKET_CUSTOM_DOMAIN",
        "",
        "Host of a CDN in the place of B2_ENDPOINT_URL in links; empty: none",
        kinds.host,
    ),
)

CONFIG: tuple[Setting, ...] = (
    Setting("DELETE_TMP_FILES", "true", "Remove the temporary files of every job when it ends", kinds.yes_no),
    Setting("JOB_THREADS", "1", "Jobs run at the same time; one ffmpeg keeps two cores busy", kinds.positive),
    Setting(
        "JOB_ATTEMPTS", "3", "Attempts before a job that may be retried counts as failed", kinds.positive
    ),
    Setting("JOB_LEASE_SECONDS", "15", "Silence after which another worker takes over a job", kinds.positive),
    Setting(
        "EARLY_ENCODES",
        "1",
        "Videos encoded at the same time while their bytes arrive; 0: none",
        kinds.number,
    ),
    Setting("EARLY_STALL_SECONDS", "120", "Pause of an upload after which that is given up", kinds.positive),
    Setting("JOB_WALL_CLOCK_SECONDS", "28800", "Longest time one job may take", kinds.positive),
    Setting("MAX_UPLOAD_BYTES", str(8 * GIB), "Largest file accepted", kinds.positive),
    Setting("MAX_OUTPUT_BYTES", str(16 * GIB), "Largest file a job may write", kinds.positive),
    Setting("MAX_FILES", "100", "Most files in one assembly", kinds.positive),
    Setting("MAX_WAITING_ASSEMBLIES", "1000", "Most assemblies that wait for their uploads", kinds.positive),
    Setting(
        "MAX_ASSEMBLIES_PER_MINUTE", "0", "Most assemblies created in a minute; 0: any number", kinds.number
    ),
    Setting(
        "MAX_CONCURRENT_UPLOADS", "100", "Most requests that send bytes at the same time", kinds.positive
    ),
    Setting("MAX_EVENT_STREAMS", "60", "Most pages that watch by event stream; others poll", kinds.positive),
    Setting("MAX_PIXELS", "50000000", "Most pixels in one frame of an input", kinds.positive),
    Setting("MAX_DURATION_SECONDS", "14400", "Longest input", kinds.positive),
    Setting("MAX_STREAMS", "64", "Most streams in one input", kinds.positive),
    Setting("MAX_SIGNATURE_HOURS", "168", "Farthest `expires` a signed request may carry", kinds.positive),
    Setting("MIN_FREE_BYTES", str(256 * 2**20), "Free disk that uploads must leave", kinds.number),
    Setting(
        "UPLOAD_STALL_SECONDS", "60", "Silence after which a request that sends bytes is cut", kinds.positive
    ),
    Setting("UPLOAD_EXPIRES_HOURS", "24", "Age at which an unfinished upload is given up", kinds.positive),
    Setting(
        "RESULT_EXPIRES_HOURS", "24", "Time that results which were not stored stay here", kinds.positive
    ),
)

SETTINGS = ENVIRONMENT + CONFIG


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings in force. Sizes in bytes, times as the name says, paths absolute."""

    host: str
    worker_port: int
    cattube_data: Path
    public_url: str
    worker_database_url: str = field(repr=False)
    transloadit_key: str
    transloadit_secret: str = field(repr=False)
    require_signature: bool
    notification_signature: str
    trusted_hosts: tuple[str, ...]
    videos_token: str = field(repr=False)
    allow_anonymous_videos: bool
    log_level: str
    b2_endpoint_url: str
    b2_application_key_id: str
    b2_application_key: str = field(repr=False)
    bucket_name: str
    bucket_custom_domain: str
    delete_tmp_files: bool
    job_threads: int
    job_attempts: int
    job_lease_seconds: int
    early_encodes: int
    early_stall_seconds: int
    job_wall_clock_seconds: int
    max_upload_bytes: int
    max_output_bytes: int
    max_files: int
    max_waiting_assemblies: int
    max_assemblies_per_minute: int
    max_concurrent_uploads: int
    max_event_streams: int
    max_pixels: int
    max_duration_seconds: int
    max_streams: int
    max_signature_hours: int
    min_free_bytes: int
    upload_stall_seconds: int
    upload_expires_hours: int
    result_expires_hours: int

    @property
    def uploads_dir(self) -> Path:
        return self.cattube_data / "uploads"

    @property
    def tmp_dir(self) -> Path:
        return self.cattube_data / "tmp"

    @property
    def streams_dir(self) -> Path:
        return self.cattube_data / "streams"

    @property
    def results_dir(self) -> Path:
        return self.cattube_data / "results"

    @property
    def bucket_dir(self) -> Path:
        return self.cattube_data / "bucket"

    @property
    def templates_dir(self) -> Path:
        return ROOM.parent / "contract" / "templates"

    @property
    def request_threads(self) -> int:
        """Threads a server needs: one per request that sends or watches, and some for all the others."""
        return self.max_concurrent_uploads + self.max_event_streams + 24


def load_settings(environ: Mapping[str, str] | None = None, room: Path = ROOM) -> Settings:
    """The settings for this room.

    environ: instead of the process environment, for tests.
    Raises SettingsError naming the first setting that is wrong.
    """
    outer = os.environ if environ is None else environ
    dotenv = {name: value for name, value in dotenv_values(room / ".env").items() if value is not None}
    given: dict[str, str] = {**_config_json(room / "config.json"), **dotenv, **outer}
    data = (room / (given.get("CATTUBE_DATA") or "../data")).resolve()
    shared = secrets_file.read_or_create(data / "secrets.env")
    values = {setting.name.lower(): _value(setting, given, shared) for setting in SETTINGS}
    values["cattube_data"] = data
    values["worker_database_url"] = values["worker_database_url"] or f"sqlite:///{data / 'worker.sqlite3'}"
    _check_bucket(values)
    return Settings(**values)


def _check_bucket(values: Mapping[str, Any]) -> None:
    """A bucket needs all of its settings, and a key without a bucket is a bucket that was forgotten."""
    needed = ("bucket_name", "b2_endpoint_url", "b2_application_key_id", "b2_application_key")
    given = [name for name in needed if values[name]]
    missing = [name.upper() for name in needed if not values[name]]
    if missing and given not in ([], ["b2_endpoint_url"]):
        raise SettingsError(f"{missing[0]}: missing, although {given[0].upper()} is set")


def _value(setting: Setting, given: Mapping[str, str], shared: Mapping[str, str]) -> Any:
    raw = given.get(setting.name) or shared.get(setting.name) or setting.default
    try:
        return setting.read(raw)
    except ValueError as error:
        shown = "***" if setting.is_secret else raw
        raise SettingsError(f"{setting.name}={shown}: {error}") from error


def _config_json(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        content = json.loads(path.read_text())
    except ValueError as error:
        raise SettingsError(f"{path.name}: not valid JSON ({error})") from error
    if not isinstance(content, dict):
        raise SettingsError(f"{path.name}: expected an object of settings")
    unknown = content.keys() - {setting.name for setting in CONFIG}
    if unknown:
        raise SettingsError(f"{path.name}: unknown setting {min(unknown)}")
    return {name: _as_text(value) for name, value in content.items()}


def _as_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
