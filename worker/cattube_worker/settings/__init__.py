"""Settings of the engine: each declared once, read in one place, checked before anything starts.

The name of a setting is that of its field in capitals. A value is looked for in the environment, then in
`.env`, then in `config.json`, then in the files of secrets; an empty one counts as none, and without any the
default is used. docs/configuration.md lists the same names, defaults and meanings; a test compares.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from cattube_worker.queues.address import QueueAddress, is_queue_address, read_address
from cattube_worker.settings import secrets_file, types
from cattube_worker.settings.sources import SettingsError as SettingsError
from cattube_worker.settings.sources import read_texts

ROOM = Path(__file__).resolve().parents[2]
GIB = 2**30
_NO_SECRET = SecretStr("")


class EnvironmentSettings(BaseModel):
    """Secrets and addresses, for the environment or `.env`."""

    # A value may be a secret: pydantic's own messages repeat none.
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    host: types.Text = Field("127.0.0.1", description="Address gunicorn listens on")
    worker_port: types.Port = Field(5678, description="Port gunicorn listens on")
    worker_socket: types.Text = Field(
        "",
        description=(
            "Unix socket to listen on in the place of HOST, for a proxy that names the client in X-Real-IP"
        ),
    )
    send_files: types.FileSender = Field(
        "self",
        description=(
            "x-accel-redirect leaves the sending of files to nginx, x-sendfile to Apache, self does it in a "
            "thread for each viewer"
        ),
    )
    host_name: types.HostName = Field(
        "", description="Name of this host among those on one database; empty: the machine's own"
    )
    internal_url: types.BaseUrl = Field(
        "",
        description=(
            "Address under which the other hosts on this database reach this one; empty: "
            "they fetch no uploads here"
        ),
    )
    scratch: types.ScratchPlace = Field(
        "",
        description=(
            "Where jobs leave files for one another: `folder`, on one host, or `bucket`, on several; empty: "
            "`bucket` where BROKER_URL and BUCKET_NAME are set"
        ),
    )
    cattube_data: Path = Field(
        Path("../data"), description="State folder, shared by both rooms; relative to the room"
    )
    public_url: types.BaseUrl = Field(
        "", description="Address clients reach the engine at; empty: as they asked"
    )
    worker_database_url: types.DatabaseUrl = Field(
        _NO_SECRET,
        description="PostgreSQL, as postgresql://user:password@host/name; empty: SQLite in CATTUBE_DATA",
    )
    broker_url: types.BrokerUrl = Field(
        _NO_SECRET,
        description=(
            "RabbitMQ that wakes worker hosts, as amqp://user:password@host//; empty: this host does all work"
        ),
    )
    transloadit_key: types.Text = Field(
        "", description="Auth key clients name; empty: made at the first start"
    )
    transloadit_secret: types.Secret = Field(
        _NO_SECRET, description="Secret requests and notifications are signed with; empty: made"
    )
    engine_secret: types.Secret = Field(
        _NO_SECRET,
        description=(
            "Encrypts stored credentials and signs the engine's links; empty: made at the first start. "
            "The same for all engines on one database"
        ),
    )
    require_signature: types.YesNo = Field(
        True, description="Refuse to create assemblies that are not signed"
    )
    require_sandbox: types.YesNo = Field(
        False, description="Process nothing while ffmpeg cannot be fenced in on this machine"
    )
    allow_sha1_signatures: types.YesNo = Field(
        False, description="Take requests signed with SHA-1, for old clients"
    )
    notification_signature: types.SignatureForm = Field(
        "sha384",
        description=(
            "Form of the signature on notifications: sha384, sha256, sha1, or sha1-bare for old receivers"
        ),
    )
    notify_hosts: types.HostPorts = Field(
        ("127.0.0.1:*", "localhost:*"),
        description=(
            "Hosts with a private address that notifications of signed requests may go to, by comma: "
            "`host:port`, `host:*`, or `host` for ports 80 and 443"
        ),
    )
    import_hosts: types.HostPorts = Field(
        (),
        description=(
            "Hosts with a private address that imports, watermarks and buckets of clients may lie on, "
            "written as in NOTIFY_HOSTS"
        ),
    )
    trusted_hosts: types.Names = Field(
        (), description="Old name of NOTIFY_HOSTS, with every port of each host; not for imports any more"
    )
    videos_token: types.Secret = Field(
        _NO_SECRET, description="Token that POST /videos must carry; empty: made at the first start"
    )
    allow_anonymous_videos: types.YesNo = Field(
        False, description="Take POST /videos from anybody, without a token"
    )
    announcements_url: types.QueueUrl = Field(
        _NO_SECRET,
        description=("Queue that videos in the bucket are announced by, beside POST /videos; empty: none"),
    )
    notifications_url: types.QueueOrHttpUrl = Field(
        _NO_SECRET,
        description=(
            "Queue by which signed requests may be reported, under the name amqp:QUEUE or kafka:TOPIC; "
            "empty or http: by POST alone"
        ),
    )
    captions_model: types.Text = Field(
        "small",
        description=(
            "Model of Whisper that recognises speech: its name, or the path of a folder that holds it"
        ),
    )
    captions_download: types.YesNo = Field(
        False,
        description="Fetch the model that CAPTIONS_MODEL names from Hugging Face, once, where it is missing",
    )
    log_level: types.LogLevel = Field("INFO", description="Least serious level written to the log")
    b2_endpoint_url: types.EndpointUrl = Field(
        "", description="S3 address of the bucket service, such as s3.us-west-004.backblazeb2.com"
    )
    b2_application_key_id: types.Text = Field("", description="Key id for the bucket")
    b2_application_key: types.Secret = Field(_NO_SECRET, description="Key for the bucket")
    bucket_name: types.Text = Field(
        "", description="Private bucket for videos; empty: the folder `bucket` in CATTUBE_DATA"
    )
    bucket_custom_domain: types.Host = Field(
        "", description="Host of a CDN in the place of B2_ENDPOINT_URL in links; empty: none"
    )


class ConfigSettings(BaseModel):
    """Limits, which may be shown: for `config.json` as well. Sizes in bytes, times as the name says."""

    delete_tmp_files: types.YesNo = Field(
        True, description="Remove the temporary files of every job when it ends"
    )
    job_threads: types.Number = Field(
        1,
        description=(
            "Jobs run at the same time; one ffmpeg keeps two cores busy; 0: only what no other host can do"
        ),
    )
    job_attempts: types.Positive = Field(
        3, description="Attempts before a job that may be retried counts as failed"
    )
    job_lease_seconds: types.Positive = Field(
        15, description="Silence after which another worker takes over a job"
    )
    part_seconds: types.Number = Field(
        120,
        description=(
            "Least length of the parts in which a long video is encoded on several worker hosts; 0: always "
            "as a whole"
        ),
    )
    early_encodes: types.Number = Field(
        1, description="Videos encoded at the same time while their bytes arrive; 0: none"
    )
    early_stall_seconds: types.Positive = Field(
        120, description="Pause of an upload after which encoding it meanwhile is given up"
    )
    batch_starves_seconds: types.Number = Field(
        300,
        description=(
            "Longest time that batch work stands still while somebody waits, before it gets a fifth of that "
            "time; 0: it never stands still"
        ),
    )
    job_wall_clock_seconds: types.Positive = Field(28800, description="Longest time one job may take")
    max_upload_bytes: types.Positive = Field(8 * GIB, description="Largest file accepted")
    max_output_bytes: types.Positive = Field(16 * GIB, description="Largest file a job may write")
    max_files: types.Positive = Field(100, description="Most files in one assembly")
    max_waiting_assemblies: types.Positive = Field(
        1000, description="Most assemblies that wait for their uploads"
    )
    max_waiting_assemblies_per_owner: types.Positive = Field(
        100, description="Of these, most of one owner or address"
    )
    max_pending_bytes_per_owner: types.Number = Field(
        64 * GIB,
        description="Most bytes of one owner or address that are not processed yet; 0: any number",
    )
    max_assemblies_per_minute: types.Number = Field(
        0, description="Most assemblies created in a minute; 0: any number"
    )
    max_concurrent_uploads: types.Positive = Field(
        100,
        description="Most requests that send bytes at the same time, a third of one owner or address",
    )
    max_event_streams: types.Positive = Field(
        60,
        description=(
            "Most pages watching by event stream, a quarter of one owner, address or Assembly; others poll"
        ),
    )
    max_pixels: types.Positive = Field(50000000, description="Most pixels in one frame of an input")
    max_duration_seconds: types.Positive = Field(14400, description="Longest input")
    max_streams: types.Positive = Field(64, description="Most streams in one input")
    max_signature_hours: types.Positive = Field(
        168, description="Farthest `expires` a signed request may carry"
    )
    min_free_bytes: types.Number = Field(
        256 * 2**20, description="Free disk that uploads, imports and encodes must leave"
    )
    scratch_cache_bytes: types.Positive = Field(
        16 * GIB, description="Most disk for files that other hosts have, as long as running jobs leave it"
    )
    upload_stall_seconds: types.Positive = Field(
        60, description="Silence after which a request that sends bytes is cut"
    )
    upload_least_bytes_per_second: types.Number = Field(
        2000, description="Least rate of such a request, over UPLOAD_STALL_SECONDS; 0: none"
    )
    upload_expires_hours: types.Positive = Field(
        24, description="Age at which an unfinished upload is given up"
    )
    result_expires_hours: types.Positive = Field(
        24, description="Time that results which were not stored stay here"
    )
    status_public_hours: types.Positive = Field(
        1, description="Hours after its end in which an Assembly's status is shown without a signature"
    )
    keep_assemblies_days: types.Number = Field(
        30, description="Days that Assemblies and delivery logs stay after their end; 0: for ever"
    )


class Settings(ConfigSettings, EnvironmentSettings):
    """The settings in force. Paths are absolute."""

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
    def cache_dir(self) -> Path:
        return self.cattube_data / "cache"

    @property
    def models_dir(self) -> Path:
        return self.cattube_data / "models"

    @property
    def bucket_dir(self) -> Path:
        return self.cattube_data / "bucket"

    @property
    def templates_dir(self) -> Path:
        return ROOM.parent / "contract" / "templates"

    @property
    def notification_hosts(self) -> tuple[str, ...]:
        """Hosts with a private address that may be notified. TRUSTED_HOSTS takes the default's place."""
        old_names = tuple(f"{host}:*" for host in self.trusted_hosts)
        if old_names and "notify_hosts" not in self.model_fields_set:
            return old_names
        return old_names + self.notify_hosts

    @property
    def has_several_hosts(self) -> bool:
        """True when files of jobs have to be where every host finds them."""
        default = "bucket" if self.broker_url.get_secret_value() and self.bucket_name else "folder"
        return (self.scratch or default) == "bucket"

    @property
    def announcement_queue(self) -> QueueAddress | None:
        return _queue(self.announcements_url, default_name="cattube.announcements")

    @property
    def notification_queue(self) -> QueueAddress | None:
        return _queue(self.notifications_url, default_name="cattube.notifications")

    @property
    def local_url(self) -> str:
        """Address at which this machine reaches the engine."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 - compared, not bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self.worker_port}"

    @property
    def request_threads(self) -> int:
        """Threads a server needs: one per request that sends or watches, and some for all the others.

        The others are forms on the way, of which the front lets 32 in, and all that is answered at once.
        """
        return self.max_concurrent_uploads + self.max_event_streams + 56


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


def _queue(url: SecretStr, *, default_name: str) -> QueueAddress | None:
    text = url.get_secret_value()
    return read_address(text, default_name=default_name) if is_queue_address(text) else None


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
