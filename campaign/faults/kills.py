"""Worker hosts that are killed, each time in another part of their work."""

from __future__ import annotations

from campaign.hosts import Worker
from campaign.scene import Scene

# So slow that what takes a moment takes about as long.
_SLOWED_SECONDS = 2.0
_ENCODES, _STORES = ("watermarked", "large"), ("exported", "streamed")


def while_fetching(scene: Scene) -> None:
    """The upload comes slowly from the ingest host."""
    workers = scene.site.workers.values()
    for worker in workers:
        worker.links["ingest"].slow(scene.clips.long.size_bytes / _SLOWED_SECONDS)
    video = scene.send(scene.clips.long)

    def fetching() -> Worker | None:
        return next((worker for worker in workers if any(worker.folder.glob("cache/*/*.part"))), None)

    worker = scene.when(video, fetching)
    scene.wait_at_random(_SLOWED_SECONDS)
    worker.kill()


def while_encoding(scene: Scene) -> None:
    """In the first version or in the ladder, of a whole video or of a part of one."""
    video = scene.send()
    worker = scene.worker_at(video, [scene.choose(_ENCODES)])
    scene.wait_at_random(1.0)
    worker.kill()


def while_joining(scene: Scene) -> None:
    """The parts come slowly from the bucket."""
    for worker in scene.site.workers.values():
        worker.links["bucket"].slow(scene.clips.long.size_bytes / _SLOWED_SECONDS)
    video = scene.send(scene.clips.long)
    worker = scene.worker_at(video, _ENCODES, joins=True)
    scene.wait_at_random(_SLOWED_SECONDS / 2)
    worker.kill()


def while_storing(scene: Scene) -> None:
    """The files go slowly to the bucket."""
    for worker in scene.site.workers.values():
        worker.links["bucket"].slow(scene.clips.long.size_bytes / _SLOWED_SECONDS)
    video = scene.send()
    worker = scene.worker_at(video, [scene.choose(_STORES)])
    scene.wait_at_random(_SLOWED_SECONDS)
    worker.kill()
