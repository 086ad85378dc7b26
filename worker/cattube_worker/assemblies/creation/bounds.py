"""Bounds on what the engine takes on: files of one assembly, and new assemblies."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import not_
from sqlalchemy.orm import Session

from cattube_worker.assemblies import repository
from cattube_worker.assemblies.model import Assembly
from cattube_worker.assemblies.senders.attempts import is_same_video
from cattube_worker.assemblies.senders.sender import Sender
from cattube_worker.assemblies.uploads.received_files import ReceivedFile
from cattube_worker.errors import BadRequest, RateLimited
from cattube_worker.size_in_words import excess_in_words, size_in_words

MINUTE_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Bounds of this engine. max_per_minute: new assemblies; 0 means no bound.

    max_waiting_per_owner: of one owner, and of one address.
    """

    max_files: int
    max_size_bytes: int
    max_waiting: int
    max_waiting_per_owner: int
    max_per_minute: int


@dataclass(frozen=True, kw_only=True)
class FileBounds:
    """Bounds on the files of one assembly."""

    max_files: int
    max_size_bytes: int


def file_bounds(auth: Mapping[str, Any], bounds: Bounds) -> FileBounds:
    """The bounds in force: those of `auth` where they are narrower than the engine's.

    auth: of the merged params, so that a template's bounds count together with the request's.
    """
    files, size = auth.get("max_number_of_files"), auth.get("max_size")
    return FileBounds(
        max_files=bounds.max_files if files is None else min(bounds.max_files, int(files)),
        max_size_bytes=bounds.max_size_bytes if size is None else min(bounds.max_size_bytes, int(size)),
    )


def check_files(files: Sequence[ReceivedFile], *, expected_uploads: int, bounds: FileBounds) -> None:
    """Check the files of a new assembly, those still to come included. Raises BadRequest."""
    count = expected_uploads + len(files)
    if count > bounds.max_files:
        raise too_many(count, bounds)
    for file in files:
        if file.size_bytes > bounds.max_size_bytes:
            raise too_large(file.filename, file.size_bytes, bounds)


def too_many(count: int, bounds: FileBounds) -> BadRequest:
    """Error for more files than there may be."""
    return BadRequest(
        f"{count} files are more than the {bounds.max_files} allowed.", code="MAX_NUMBER_OF_FILES_EXCEEDED"
    )


def too_large(filename: str, size_bytes: int, bounds: FileBounds) -> BadRequest:
    """Error for a file that is larger than it may be."""
    excess = excess_in_words(size_bytes, bounds.max_size_bytes)
    return BadRequest(f'"{filename}" has {excess}.', code="MAX_SIZE_EXCEEDED")


def too_large_in_form(filename: str, form_bytes: int, bounds: FileBounds) -> BadRequest:
    """Error for a file that is larger than it may be, in a form that tells its own size alone."""
    most = size_in_words(bounds.max_size_bytes)
    return BadRequest(
        f'"{filename}" has more than the {most} that are allowed; its form has {size_in_words(form_bytes)}.',
        code="MAX_SIZE_EXCEEDED",
    )


def check_rate(session: Session, sender: Sender, *, bounds: Bounds, now: float) -> None:
    """Check that the engine takes one more assembly of this sender now. Raises RateLimited."""
    _check_waiting(session, sender, bounds)
    if not bounds.max_per_minute:
        return
    earlier = repository.created_at(session, nth_last=bounds.max_per_minute)
    if earlier is not None and earlier > now - MINUTE_SECONDS:
        seconds = math.ceil(earlier + MINUTE_SECONDS - now)
        raise RateLimited(
            f"More than {bounds.max_per_minute} assemblies in a minute. Try again in {seconds} seconds.",
            details={"info": {"retryIn": seconds}},
        )


def _check_waiting(session: Session, sender: Sender, bounds: Bounds) -> None:
    """Check that one more assembly may wait for its uploads. An attempt that it ends does not count."""
    stays = not_(is_same_video(sender))
    if (waiting := repository.count_uploading(session, stays)) >= bounds.max_waiting:
        raise RateLimited(
            f"{waiting} assemblies wait for their uploads, where {bounds.max_waiting} are allowed. "
            "Try again later."
        )
    named = ((Assembly.owner, sender.owner), (Assembly.network, sender.network))
    for theirs in (column == name for column, name in named if name is not None):
        if repository.count_uploading(session, stays, theirs) >= bounds.max_waiting_per_owner:
            raise RateLimited(
                f"{bounds.max_waiting_per_owner} of your assemblies wait for their uploads. "
                "Send their files, or cancel some, and try again."
            )
