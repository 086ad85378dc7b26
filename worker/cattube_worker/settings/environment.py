"""Settings that are secrets and addresses."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from cattube_worker.settings import types

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
