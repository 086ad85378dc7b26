"""Queries for assemblies and the rows that belong to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BindParameter, ColumnElement, bindparam, delete, func, select
from sqlalchemy.orm import Session

from cattube_worker.assemblies.model import (
    EXECUTING,
    FINAL_STATES,
    UPLOADING,
    WORK,
    Assembly,
    AssemblyVersion,
    DeliveryAttempt,
    File,
    Job,
    Notification,
    Upload,
)
from cattube_worker.errors import NotFound
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.tus.concatenation import PARTIAL

# What every status and every creation needs. Made once, for to make a query costs as much as to execute it.
_ID: BindParameter[str] = bindparam("assembly_id")
VERSION = select(AssemblyVersion.version).where(AssemblyVersion.assembly_id == _ID)
_WITH_VERSION = (
    select(Assembly, AssemblyVersion.version)
    .join(AssemblyVersion, AssemblyVersion.assembly_id == Assembly.id)
    .where(Assembly.id == _ID)
)
_STATE = select(Assembly.state).where(Assembly.id == _ID)
_UPLOADS = select(Upload).where(Upload.assembly_id == _ID, Upload.concat != PARTIAL).order_by(Upload.place)
_FILES = select(File.document).where(File.assembly_id == _ID).order_by(File.number)
_JOBS = select(Job).where(Job.assembly_id == _ID).order_by(Job.created_at, Job.id)


class AssemblyNotFound(NotFound):
    code = "ASSEMBLY_NOT_FOUND"


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """An assembly with its rows at one moment, to be read only.

    version: of the assembly at that moment. queue_position: as `job_queue.queue_position`. is_held: as
    `held_jobs.is_held`.
    """

    version: int
    assembly: Assembly
    uploads: Sequence[Upload]
    files: Sequence[AssemblyFile]
    jobs: Sequence[Job]
    notification: Notification | None
    last_delivery: DeliveryAttempt | None
    queue_position: int | None = None
    is_held: bool = False

    @property
    def is_idle(self) -> bool:
        """True while there is nothing to do for it but to wait for its uploads."""
        return self.assembly.state == UPLOADING and not self.jobs

    @property
    def may_be_queued(self) -> bool:
        """True when one of its jobs waits in the queue of all assemblies, and none runs."""
        return self.assembly.state == EXECUTING and self._open_states == {"waiting"}

    @property
    def may_be_held(self) -> bool:
        """True when it needs a host that takes jobs of the queue of all assemblies."""
        return self.assembly.state == EXECUTING and bool(self._open_states)

    @property
    def _open_states(self) -> set[str]:
        """States of its jobs in the queue of all assemblies that wait or run."""
        return {job.state for job in self.jobs if job.queue == WORK} & {"waiting", "running"}


def get(session: Session, assembly_id: str) -> Assembly:
    """The assembly of that id. Raises AssemblyNotFound."""
    assembly = session.get(Assembly, assembly_id)
    if assembly is None:
        raise _not_found(assembly_id)
    return assembly


def is_final(session: Session, assembly_id: str) -> bool:
    """True when the assembly has ended: its row may be long. Raises AssemblyNotFound."""
    state = session.scalar(_STATE, {"assembly_id": assembly_id})
    if state is None:
        raise _not_found(assembly_id)
    return state in FINAL_STATES


def is_there(session: Session, assembly_id: str) -> bool:
    """True when there is an assembly of that id."""
    return session.scalar(VERSION, {"assembly_id": assembly_id}) is not None


def snapshot(session: Session, assembly_id: str) -> Snapshot:
    """The assembly with its rows, without its place in the queue. Raises AssemblyNotFound."""
    row = session.execute(_WITH_VERSION, {"assembly_id": assembly_id}).one_or_none()
    if row is None:
        raise _not_found(assembly_id)
    assembly, version = row
    notification = _first_notification(session, assembly_id) if assembly.is_final else None
    return Snapshot(
        version=version,
        assembly=assembly,
        uploads=uploads_of(session, assembly_id),
        files=files_of(session, assembly_id),
        jobs=jobs_of(session, assembly_id),
        notification=notification,
        last_delivery=_last_delivery(session, notification),
    )


def uploads_of(session: Session, assembly_id: str) -> Sequence[Upload]:
    """Uploads of the assembly in their order, without the parts of files."""
    return session.scalars(_UPLOADS, {"assembly_id": assembly_id}).all()


def parts_of(session: Session, assembly_id: str) -> Sequence[Upload]:
    """Parts of files that were not concatenated yet."""
    query = select(Upload).filter_by(assembly_id=assembly_id, concat=PARTIAL)
    return session.scalars(query.order_by(Upload.place)).all()


def remove_upload(session: Session, upload: Upload, *, file_id: str) -> None:
    """Delete the upload, the job that probes it, and the file that it became or will become."""
    session.execute(delete(Job).filter_by(assembly_id=upload.assembly_id, inputs=upload.id))
    session.execute(delete(File).filter_by(id=file_id))
    session.delete(upload)


def next_place(session: Session, table: type[Upload | Notification], assembly_id: str) -> int:
    """Place of a new row of the assembly: behind all others."""
    last = session.scalar(select(func.max(table.place)).where(table.assembly_id == assembly_id))
    return 0 if last is None else last + 1


def files_of(session: Session, assembly_id: str) -> list[AssemblyFile]:
    """Files in the order in which they came: Uppy recognizes new ones by their place."""
    documents = session.scalars(_FILES, {"assembly_id": assembly_id})
    return [AssemblyFile.from_json(document) for document in documents]


def jobs_of(session: Session, assembly_id: str) -> Sequence[Job]:
    """Jobs of the assembly, oldest first."""
    return session.scalars(_JOBS, {"assembly_id": assembly_id}).all()


def save_file(session: Session, assembly_id: str, file: AssemblyFile) -> None:
    """Store the file, in place of one with the same id."""
    row = session.scalar(select(File).filter_by(id=file.id))
    if row is None:
        session.add(File(id=file.id, assembly_id=assembly_id, document=file.to_json()))
    else:
        row.document = file.to_json()


def get_file(session: Session, assembly_id: str, file_id: str) -> AssemblyFile | None:
    document = session.scalar(select(File.document).filter_by(id=file_id, assembly_id=assembly_id))
    return AssemblyFile.from_json(document) if document else None


def count_uploading(session: Session, *conditions: ColumnElement[bool]) -> int:
    """Number of assemblies that wait for their uploads and fit all the conditions."""
    query = select(func.count()).select_from(Assembly).filter_by(state=UPLOADING)
    return session.scalar(query.where(*conditions)) or 0


def owner_of(session: Session, assembly_id: str) -> str | None:
    """Owner of the assembly; None when it has none, or is not there."""
    return session.scalar(select(Assembly.owner).filter_by(id=assembly_id))


def created_at(session: Session, *, nth_last: int) -> float | None:
    """Time of creation of the nth newest assembly; None if there are fewer."""
    query = select(Assembly.created_at).order_by(Assembly.created_at.desc()).offset(nth_last - 1)
    return session.scalar(query.limit(1))


def _not_found(assembly_id: str) -> AssemblyNotFound:
    return AssemblyNotFound(f"There is no assembly {assembly_id}.")


def _first_notification(session: Session, assembly_id: str) -> Notification | None:
    """That of the assembly's end. Of those before it, statuses say nothing."""
    query = select(Notification).filter_by(assembly_id=assembly_id).where(Notification.place >= 0)
    return session.scalar(query.order_by(Notification.place).limit(1))


def _last_delivery(session: Session, notification: Notification | None) -> DeliveryAttempt | None:
    if notification is None:
        return None
    query = select(DeliveryAttempt).filter_by(notification_id=notification.id)
    return session.scalar(query.order_by(DeliveryAttempt.number.desc()).limit(1))
