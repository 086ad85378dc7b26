"""Giving uploads up: because the client says so, or because it cannot know of them."""

from __future__ import annotations

from contextlib import suppress

from cattube_worker.assemblies import uploads
from cattube_worker.assemblies.uploads import UploadRequest
from cattube_worker.engine import Engine
from cattube_worker.tus.protocol import TusError


def give_up(engine: Engine, upload_id: str) -> None:
    """Forget an unfinished upload, and have the assembly wait for another. Who still sends to it must let go.

    Raises UploadGone, UploadLocked, and TusError for one that is complete.
    """
    with engine.locks.hold(upload_id, interrupt=True):
        with engine.database.write() as session:
            upload, _ = uploads.find_upload(session, upload_id)
            uploads.check_can_terminate(upload)
            session.delete(upload)
        engine.upload_files.remove(upload_id)


def make_way(engine: Engine, announced: UploadRequest) -> None:
    """Give up an unfinished upload that was announced in the same words as this one, if there is one.

    A client that got no answer announces its file again, and cannot know what became of the first time. Of
    several, it is the one nobody sends to that goes, and the one of which the least has come.
    """
    with engine.database.read() as session:
        twins = uploads.find_unfinished_copies(session, announced)
    if not twins:
        return
    offset = engine.upload_files.offset
    twin = min(twins, key=lambda each: (engine.locks.is_held(each.id), offset(each.id) or 0))
    with suppress(TusError):  # It is complete or gone meanwhile: the place is taken, or free already.
        give_up(engine, twin.id)
