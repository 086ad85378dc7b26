"""The site at rest: nothing is left of what was under way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from servers.procfs import program, tree

from campaign.site import Site
from campaign.state.queues import messages

# Below a host's folder: what belongs to Assemblies under way alone.
_FOLDERS = ("uploads", "tmp", "streams", "cache")
_ENCODERS = ("ffmpeg", "ffprobe")


def breaches(site: Site) -> Iterator[str]:
    """What is left, in words."""
    yield from site.rows.left()
    if unsettled := site.records.unsettled():
        yield f"records of which more is expected: {unsettled}"
    if keys := [*site.bucket.keys("scratch/"), *site.bucket.unfinished()]:
        yield f"left in the bucket: {keys}"
    for host in site.hosts:
        if paths := [path for name in _FOLDERS for path in _below(host.folder / name)]:
            yield f"left at {host.name}: {[str(path.relative_to(host.folder)) for path in paths]}"
    if programs := _programs():
        yield f"programs that run: {programs}"
    if waiting := messages(site.servers.broker.url, sorted(site.workers)):
        yield f"messages that nobody takes: {waiting}"


def _below(folder: Path) -> list[Path]:
    with suppress(FileNotFoundError):  # Removed while it is looked at.
        return sorted(folder.rglob("*"))
    return []


def _programs() -> list[str]:
    """Encoders among the processes that this one has started, directly or not."""
    return [name for name in map(program, tree(os.getpid())) if name in _ENCODERS]
