"""Room for uploads: on the disk beside those that were announced, and beside others of the same sender."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from cattube_worker.assemblies.model import EXECUTING, UNAWAITED, UPLOADING, Assembly, Job, Upload
from cattube_worker.assemblies.senders.sender import Sender
from cattube_worker.disk_room import DiskRoom
from cattube_worker.errors import TryLater


@dataclass(frozen=True, kw_only=True)
class UploadRoom:
    """Room for further uploads.

    received: bytes of an upload that have come, by its id; 0 for one that is gone.
    max_pending_bytes: of one owner, and of one address, in assemblies that are awaited; 0: no bound.
    """

    disk: DiskRoom
    received: Callable[[str], int]
    max_pending_bytes: int

    def check(self, session: Session, size_bytes: int, sender: Sender) -> None:
        """Check that there is room for so much more of that sender. Raises DiskFull, TryLater."""
        announced_bytes = self._announced_bytes(session, size_bytes, sender)
        self.disk.check(size_bytes, announced_bytes=announced_bytes)
        if not self.max_pending_bytes:
            return
        pending_bytes = self._pending_bytes(session, sender)
        # Whoever has nothing here may always send one file.
        if pending_bytes and pending_bytes + size_bytes > self.max_pending_bytes:
            # 503, not 429: tus clients other than Uppy take a 429 as final.
            raise TryLater(
                f"{pending_bytes} bytes of yours wait to be processed, of {self.max_pending_bytes} that may. "
                "Send this file when some are done."
            )

    def _announced_bytes(self, session: Session, size_bytes: int, sender: Sender) -> int:
        """Bytes that `sender` must leave room for: still to come of uploads under way, as far as is known.

        To one other owner that is half of the room at most: nobody can keep all of it by announcing alone.
        """
        left_bytes = self.disk.left_bytes
        under_way = (Upload.finished_at.is_(None), Assembly.state == UPLOADING)
        whole = session.scalar(select(func.sum(Upload.size_bytes)).join(Assembly).where(*under_way)) or 0
        if whole + size_bytes <= left_bytes:
            return int(whole)  # It fits whatever has come of them: no file needs to be looked at.
        query = select(Upload.id, Upload.size_bytes, Assembly.owner, Assembly.network).join(Assembly)
        announced = Counter[str | None]()
        for upload_id, size, owner, network in session.execute(query.where(*under_way)):
            announced[owner or network] += max(0, (size or 0) - self.received(upload_id))
        own_bytes, most_bytes = announced.pop(sender.owner or sender.network, 0), max(0, left_bytes // 2)
        return own_bytes + sum(min(others_bytes, most_bytes) for others_bytes in announced.values())

    def _pending_bytes(self, session: Session, sender: Sender) -> int:
        """Bytes of the owner's uploads, or of those from the address, whichever are more."""
        named = ((Assembly.owner, sender.owner), (Assembly.network, sender.network))
        theirs = [column == name for column, name in named if name is not None]
        return max((self._total_bytes(session, condition) for condition in theirs), default=0)

    def _total_bytes(self, session: Session, condition: ColumnElement[bool]) -> int:
        """Bytes of uploads that were announced; of those without a length, that came.

        Assemblies of which only batch work is left do not count. That may take hours, and many wait for it
        when somebody uploads a whole collection.
        """
        is_at_work = exists().where(
            Job.assembly_id == Assembly.id,
            Job.queue.not_in(UNAWAITED),
            Job.state.in_(("waiting", "running")),
        )
        is_awaited = or_(Assembly.state == UPLOADING, and_(Assembly.state == EXECUTING, is_at_work))
        query = select(Upload.id, Upload.size_bytes).join(Assembly).where(condition, is_awaited)
        uploads = session.execute(query)
        return sum(self.received(upload_id) if size is None else size for upload_id, size in uploads)
