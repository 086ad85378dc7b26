"""Assemblies by the site's own template, brought to each state that a client can see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import update

from cattube_worker.assemblies import lifecycle, repository
from cattube_worker.assemblies.model import PROBE, Job
from cattube_worker.errors import AssemblyError
from cattube_worker.media.errors import CommandFailed, CommandTimeout
from cattube_worker.storage import AccessDenied, Stores
from cattube_worker.storage.local import LocalStore

from .conftest import UPLOAD_ONLY, TestEngine

BringToState = Callable[[TestEngine, bytes], dict[str, Any]]
NAME = "Cat on a roof.mp4"


def started(engine: TestEngine, *, expected: int = 1, **document: Any) -> dict[str, Any]:
    params = {"steps": None, "template_id": "cattube", **document}
    return engine.assembly(
        path=f"/assemblies/{'c' * 32}",
        expected=expected,
        notify_url="http://127.0.0.1:8000/notifications/transloadit",
        fields={"video": "abcdefghijk", "attempt": 1, "folder": "f" * 32},
        auth={"nonce": "n" * 22, "max_number_of_files": 1, "max_size": 10**9},
        **params,
    )


def uploading(engine: TestEngine, clip: bytes) -> dict[str, Any]:
    assembly = started(engine)
    upload = engine.open_upload(assembly, len(clip), filename=NAME, filetype="video/mp4")
    engine.patch(upload, clip[:1000])
    return assembly


def executing(engine: TestEngine, clip: bytes, **document: Any) -> dict[str, Any]:
    assembly = started(engine, **document)
    engine.upload(assembly, clip, filename=NAME, filetype="video/mp4")
    engine.clock.advance(4)
    engine.runner(PROBE).run_once()
    return assembly


def improving(engine: TestEngine, clip: bytes) -> dict[str, Any]:
    """The results that viewers wait for are stored; the other renditions are still to come."""
    assembly = executing(engine, clip)
    engine.clock.advance(20)
    jobs = engine.runner()
    while jobs.run_once():
        pass
    return assembly


def completed(engine: TestEngine, clip: bytes) -> dict[str, Any]:
    assembly = executing(engine, clip)
    engine.clock.advance(20)
    engine.work()
    return assembly


def replaying(engine: TestEngine, clip: bytes) -> dict[str, Any]:
    path = f"/assemblies/{completed(engine, clip)['assembly_id']}/replay"
    return dict(engine.client.post(path, data=engine.signed({})).get_json())


def failed(engine: TestEngine, _clip: bytes) -> dict[str, Any]:
    assembly = started(engine)
    engine.upload(assembly, b"This is no video.\n" * 40, filename="letter.mp4", filetype="video/mp4")
    engine.work()
    return assembly


def canceled(engine: TestEngine, clip: bytes) -> dict[str, Any]:
    assembly = uploading(engine, clip)
    engine.client.delete(f"/assemblies/{assembly['assembly_id']}")
    return assembly


def expired(engine: TestEngine, clip: bytes) -> dict[str, Any]:
    assembly = uploading(engine, clip)
    engine.clock.advance(25 * 3600)
    engine.parts.work.expiry.expire_uploads()
    return assembly


def declined(engine: TestEngine, clip: bytes) -> dict[str, Any]:
    """A filter declines the file with an error."""
    parameters = {
        "robot": "/file/filter",
        "accepts": [["${file.mime}", "=", "image/png"]],
        "error_on_decline": True,
    }
    return worked(engine, clip, {**UPLOAD_ONLY, "pictures": {**parameters, "use": ":original"}})


def not_imported(engine: TestEngine, _clip: bytes) -> dict[str, Any]:
    """An import from an address that is not allowed."""
    steps = {"imported": {"robot": "/http/import", "url": "http://10.0.0.1/cat.mp4", "fail_fast": True}}
    assembly = started(engine, expected=0, template_id=None, steps=steps)
    engine.work()
    return assembly


def not_stored(engine: TestEngine, clip: bytes) -> dict[str, Any]:
    """The bucket refuses the file."""

    class Closed(LocalStore):
        def put(self, key: str, *_: object, **__: object) -> None:
            raise AccessDenied(f'The store does not let us put "{key}".')

    closed = Closed(engine.settings.bucket_dir, lambda key, _: key)
    engine.use_stores(Stores({"cattube": closed}))
    return completed(engine, clip)


def without_credentials(engine: TestEngine, clip: bytes) -> dict[str, Any]:
    """A step with credentials that were deleted after the assembly was created."""
    engine.store_credentials("alice's")
    store = {"robot": "/s3/store", "use": ":original", "credentials": "alice's", "path": "cat.mp4"}
    assembly = executing(engine, clip, template_id=None, steps={**UPLOAD_ONLY, "exported": store})
    engine.delete_credentials("alice's")
    engine.work()
    return assembly


def given_up(engine: TestEngine, clip: bytes) -> dict[str, Any]:
    """Each attempt at the job ended its worker."""
    assembly = executing(engine, clip)
    with engine.database.write() as session:
        session.execute(update(Job).where(Job.state == "waiting").values(attempt=99))
    engine.work()
    return assembly


def timed_out(engine: TestEngine, clip: bytes) -> dict[str, Any]:
    return ended_by(engine, clip, CommandTimeout("ffmpeg took too long.", step="resized"))


def broken(engine: TestEngine, clip: bytes) -> dict[str, Any]:
    return ended_by(engine, clip, CommandFailed("ffmpeg ended with an error.", step="resized"))


def worked(engine: TestEngine, clip: bytes, steps: dict[str, Any]) -> dict[str, Any]:
    """An assembly with other steps than the site's, when there is nothing left to do."""
    assembly = executing(engine, clip, template_id=None, steps=steps)
    engine.work()
    return assembly


def ended_by(engine: TestEngine, clip: bytes, error: AssemblyError) -> dict[str, Any]:
    """An assembly that ended with `error`."""
    assembly = executing(engine, clip)
    with engine.database.write() as session:
        row = repository.get(session, assembly["assembly_id"])
        lifecycle.fail(session, row, error, now=engine.clock())
    return assembly


STATES: dict[str, BringToState] = {
    bring.__name__: bring
    for bring in (
        uploading, executing, improving, replaying, completed, canceled, failed, expired, declined,
        not_imported, not_stored, without_credentials, given_up, timed_out, broken,
    )
}  # fmt: skip
FINAL_STATES = {name: STATES[name] for name in ("completed", "canceled", "failed", "expired", "not_stored")}
