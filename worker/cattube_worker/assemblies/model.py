"""The engine's tables. All times are seconds since the epoch; all sizes are bytes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Float, ForeignKey, Index, Integer, Text, UniqueConstraint, true
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from cattube_worker.assemblies.senders.sender import Sender
from cattube_worker.tus.concatenation import PARTIAL

UPLOADING, EXECUTING = "uploading", "executing"
COMPLETED, CANCELED, FAILED = "completed", "canceled", "failed"
FINAL_STATES = frozenset({COMPLETED, CANCELED, FAILED})

# Queues of jobs. Uploads are probed in a queue of their own, because clients wait for the result. BATCH
# holds the steps with "queue": "batch", which never delay the others, and SPEECH those that recognise speech,
# which do not even delay those of BATCH. "looks" is the word of earlier versions, which stands in their
# databases.
PROBE, WORK, BATCH, SPEECH = "looks", "work", "batch", "speech"
# Those of jobs for which nobody waits, and those of what any worker host may run. Most urgent first.
UNAWAITED = (BATCH, SPEECH)
BY_URGENCY = (WORK, *UNAWAITED)

# SQLite numbers rows by itself only for a key of its own integer type.
RowNumber = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    type_annotation_map = {
        dict[str, Any]: JSON,
        list[Any]: JSON,
        float: Float(53),
        int: BigInteger,
        str: Text,
    }


class Assembly(Base):
    """One run of instructions over uploaded files.

    owner, video, network: of its Sender. The network is forgotten when the assembly ends.
    """

    __tablename__ = "assemblies"
    __table_args__ = (
        Index("assemblies_by_state", "state", "created_at"),
        Index("assemblies_by_creation", "created_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    parent_id: Mapped[str | None]
    state: Mapped[str]
    created_at: Mapped[float]
    base_url: Mapped[str]
    auth_key: Mapped[str]
    # By the account's secret or one of its tokens, as opposed to anybody.
    is_signed: Mapped[bool] = mapped_column(default=True)
    owner: Mapped[str | None]
    video: Mapped[str | None]
    network: Mapped[str | None]
    params: Mapped[str]
    template_id: Mapped[str | None]
    template_name: Mapped[str | None]
    template: Mapped[str | None]
    merged_params: Mapped[str]
    steps: Mapped[str]
    fields: Mapped[dict[str, Any]]
    notify_url: Mapped[str | None]
    transloadit_client: Mapped[str | None]
    expected_uploads: Mapped[int]
    max_files: Mapped[int]
    max_size_bytes: Mapped[int]
    warnings: Mapped[list[Any]] = mapped_column(default=list)
    ignored_errors: Mapped[list[Any]] = mapped_column(default=list)
    uploading_ended_at: Mapped[float | None]
    execution_started_at: Mapped[float | None]
    ended_at: Mapped[float | None]
    tidied_at: Mapped[float | None]
    error_code: Mapped[str | None]
    error_message: Mapped[str | None]
    error_details: Mapped[dict[str, Any]] = mapped_column(default=dict)

    @property
    def is_final(self) -> bool:
        return self.state in FINAL_STATES

    @property
    def sender(self) -> Sender:
        return Sender(owner=self.owner, video=self.video, network=self.network)


class AssemblyVersion(Base):
    """A random number that is another one after each change of an assembly or of a row that belongs to it.

    Triggers of the database renew it, so no writer can forget to: see migrations/version_triggers.py.
    """

    __tablename__ = "assembly_versions"

    assembly_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]


class Upload(Base):
    """A file that a client sends, by tus or within a form. Its offset is the number of bytes on disk.

    place: grows within the assembly; uploads are shown and worked on in this order, because their ids are
    random.
    concat: the header Upload-Concat. A part of a file is not one of the assembly's files.
    host: name of the host that has its bytes; None where there is only one host.
    """

    __tablename__ = "uploads"

    id: Mapped[str] = mapped_column(primary_key=True)
    assembly_id: Mapped[str] = mapped_column(ForeignKey("assemblies.id"), index=True)
    place: Mapped[int]
    created_at: Mapped[float]
    filename: Mapped[str]
    fieldname: Mapped[str]
    user_meta: Mapped[dict[str, Any]]
    metadata_header: Mapped[str] = mapped_column(default="")
    concat: Mapped[str] = mapped_column(default="")
    size_bytes: Mapped[int | None]
    is_tus: Mapped[bool]
    host: Mapped[str | None]
    finished_at: Mapped[float | None]

    @property
    def is_part(self) -> bool:
        return self.concat == PARTIAL


class IngestHost(Base):
    """A host that takes uploads, and the address under which the other hosts reach it (INTERNAL_URL)."""

    __tablename__ = "ingest_hosts"

    name: Mapped[str] = mapped_column(primary_key=True)
    internal_url: Mapped[str]


class StreamingLease(Base):
    """A host that encodes an upload of another host while it arrives. node: of the plan, which it runs.

    Nothing belongs to it: when it ends, the upload is encoded as if nobody had begun.
    """

    __tablename__ = "streaming_leases"

    upload_id: Mapped[str] = mapped_column(primary_key=True)
    host: Mapped[str]
    node: Mapped[str]
    lease_until: Mapped[float]


class File(Base):
    """A probed upload, or a result. `number` keeps the order in which they came."""

    __tablename__ = "files"

    number: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    assembly_id: Mapped[str] = mapped_column(ForeignKey("assemblies.id"), index=True)
    document: Mapped[dict[str, Any]]


class Job(Base):
    """A run of one node of the plan over some files, and the lease of the worker that runs it.

    queue: PROBE, WORK, BATCH or SPEECH. host: the only one that may run it; None for any. inputs: ids of
    files, with commas between them. state: "waiting", "running", "done" or "failed". declined_by: hosts that
    lack what it needs, with a comma before and after each. fence: grows with every claim; only the latest
    claim's results count. owner: of the assembly, "" for nobody. is_new: no other job of the assembly in the
    queue WORK had begun when this one began to wait, or has since; always of a part.
    part_of, part: of a job for a part of a video, the id of the job for the whole, and the work, as
    `job_parts.Part` has it. Of the job for the whole, part says how it is run.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("assembly_id", "node", "inputs"),
        Index("jobs_by_state", "state", "created_at"),
        Index("jobs_by_turn", "queue", "state", "is_new", "due_at", "created_at", "id"),
        Index("jobs_by_person", "queue", "state", "is_new", "owner", "due_at", "created_at", "id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    assembly_id: Mapped[str] = mapped_column(ForeignKey("assemblies.id"), index=True)
    node: Mapped[str]
    queue: Mapped[str] = mapped_column(default=WORK)
    host: Mapped[str | None]
    owner: Mapped[str] = mapped_column(default="", server_default="")
    is_new: Mapped[bool] = mapped_column(default=True, server_default=true())
    inputs: Mapped[str]
    state: Mapped[str]
    created_at: Mapped[float]
    due_at: Mapped[float]
    attempt: Mapped[int] = mapped_column(default=0)
    declined_by: Mapped[str] = mapped_column(default="", server_default="")
    fence: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None]
    lease_until: Mapped[float | None]
    progress: Mapped[float] = mapped_column(default=0.0)
    ended_at: Mapped[float | None]
    part_of: Mapped[str | None] = mapped_column(index=True)
    part: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    @property
    def input_ids(self) -> tuple[str, ...]:
        return tuple(self.inputs.split(",")) if self.inputs else ()


class Announcement(Base):
    """A job that begins to wait, until worker hosts were told. Triggers write it, so no writer can forget to.

    See migrations/announcement_triggers.py.
    """

    __tablename__ = "announcements"

    number: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    job_id: Mapped[str]


class Host(Base):
    """A host that works on this database, as it last reported. There are none on a site of one machine.

    role: "ingest" or "worker". clock_offset_seconds: how far its clock is ahead of the database's.
    ffmpeg_version: None where there is no ffmpeg that works. running: its jobs, as `hosts.RunningFact`s.
    """

    __tablename__ = "hosts"

    name: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]
    version: Mapped[str]
    started_at: Mapped[float]
    seen_at: Mapped[float]
    clock_offset_seconds: Mapped[float]
    ffmpeg_version: Mapped[str | None]
    missing_encoders: Mapped[list[Any]] = mapped_column(default=list)
    running: Mapped[list[Any]] = mapped_column(default=list)


class Notification(Base):
    """A notification in the outbox, written together with the state that it is about.

    place: 0 for the assembly's own, which tells its end; then one for each replay. Those before the end have
    the places of `deliveries.Early`. state: "waiting", "sent" or "failed".
    """

    __tablename__ = "notifications"
    __table_args__ = (Index("notifications_by_state", "state", "due_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    assembly_id: Mapped[str] = mapped_column(ForeignKey("assemblies.id"), index=True)
    place: Mapped[int]
    url: Mapped[str]
    created_at: Mapped[float]
    state: Mapped[str]
    due_at: Mapped[float]
    attempts: Mapped[int] = mapped_column(default=0)


class DeliveryAttempt(Base):
    """An attempt to deliver a notification, as the delivery log shows it."""

    __tablename__ = "delivery_attempts"

    number: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    notification_id: Mapped[str] = mapped_column(ForeignKey("notifications.id"), index=True)
    started_at: Mapped[float]
    duration_seconds: Mapped[float]
    response_code: Mapped[int | None]
    response_data: Mapped[str | None]
    error: Mapped[str | None]


class UsedNonce(Base):
    """A nonce of a signed request, kept until that request expires. digest: of the auth key and the nonce."""

    __tablename__ = "used_nonces"

    digest: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[float] = mapped_column(index=True)


class StoredTemplate(Base):
    """A template that a client stored. content: JSON text. Both expiries are as the client wrote them."""

    __tablename__ = "templates"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    content: Mapped[str]
    require_signature: Mapped[bool]
    status_expiry: Mapped[str | None]
    result_expiry: Mapped[str | None]
    created_at: Mapped[float]
    modified_at: Mapped[float]
    last_used_at: Mapped[float | None]


class StoredCredentials(Base):
    """Credentials for another service. sealed: their content, encrypted."""

    __tablename__ = "template_credentials"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    type: Mapped[str]
    sealed: Mapped[str]
    created_at: Mapped[float]
    modified_at: Mapped[float]
