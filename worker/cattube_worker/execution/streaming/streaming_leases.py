"""Claims on uploads of other hosts that are encoded while they arrive.

Each function is a short statement within a transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cattube_worker.assemblies.model import FINAL_STATES, UPLOADING, Assembly, StreamingLease, Upload
from cattube_worker.assemblies.uploads.original_file import original_id
from cattube_worker.execution.jobs import leases
from cattube_worker.execution.streaming.streaming_encodes import MIN_UPLOAD_BYTES


def arriving(session: Session, *, host: str) -> Sequence[Upload]:
    """Uploads that other hosts receive now, and that no host encodes meanwhile."""
    is_leased = select(StreamingLease.upload_id).where(StreamingLease.upload_id == Upload.id).exists()
    query = (
        select(Upload)
        .join(Assembly)
        .where(
            Assembly.state == UPLOADING,
            Upload.finished_at.is_(None),
            Upload.host != host,
            Upload.concat == "",
            Upload.size_bytes >= MIN_UPLOAD_BYTES,
            ~is_leased,
        )
    )
    return session.scalars(query.order_by(Upload.created_at)).all()


def take(session: Session, upload_id: str, *, host: str, node: str, lease_until: float) -> bool:
    """Take the upload for `host`, and tell if no host had it."""
    if session.get(StreamingLease, upload_id) is not None:
        return False
    session.add(StreamingLease(upload_id=upload_id, host=host, node=node, lease_until=lease_until))
    return True


def renew(session: Session, upload_ids: Collection[str], *, host: str, lease_until: float) -> None:
    """Renew the leases of `host` on those uploads whose assemblies have not ended."""
    at_work = select(Upload.id).join(Assembly).where(Assembly.state.not_in(FINAL_STATES))
    own = update(StreamingLease).where(
        StreamingLease.host == host,
        StreamingLease.upload_id.in_(upload_ids),
        StreamingLease.upload_id.in_(at_work),
    )
    session.execute(own.values(lease_until=lease_until))


def any_expired(session: Session, *, now: float) -> bool:
    """Tell if the lease of a host has ended that fell silent."""
    query = select(StreamingLease.upload_id).where(StreamingLease.lease_until < now)
    return session.scalar(query.limit(1)) is not None


def drop(session: Session, upload_id: str, *, host: str) -> None:
    """Give the upload back, for any host to encode: also the job that waited for this one's output."""
    lease = session.get(StreamingLease, upload_id)
    if lease is not None and lease.host == host:
        _end(session, lease)


def find(session: Session, upload_id: str, *, now: float) -> StreamingLease | None:
    """The lease on the upload, as long as its host renews it."""
    lease = session.get(StreamingLease, upload_id)
    return lease if lease is not None and lease.lease_until >= now else None


def end_expired(session: Session, *, now: float) -> None:
    """End the leases of hosts that fell silent: the jobs that waited for them are for any host."""
    for lease in session.scalars(select(StreamingLease).where(StreamingLease.lease_until < now)).all():
        _end(session, lease)


def _end(session: Session, lease: StreamingLease) -> None:
    upload = session.get(Upload, lease.upload_id)
    if upload is not None:
        leases.bind(session, upload.assembly_id, lease.node, [original_id(upload)], host=None)
    session.delete(lease)
