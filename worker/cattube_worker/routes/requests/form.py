"""Forms that create assemblies: the text fields, and the files, which are put where uploads lie.

Not a byte of a file is kept before the fields have shown that it may come. A form whose files come first is
held in memory, as far as it is short.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from flask import request
from werkzeug.exceptions import ClientDisconnected

from cattube_worker.assemblies.creation.bounds import FileBounds, too_large_in_form, too_many
from cattube_worker.assemblies.senders.sender import Sender
from cattube_worker.assemblies.uploads.received_files import ReceivedFile
from cattube_worker.assemblies.uploads.uploads import new_upload_id
from cattube_worker.errors import BadRequest
from cattube_worker.execution.uploads.uploads import Uploads
from cattube_worker.protocol.file_names import clean_name
from cattube_worker.protocol.params.params import RESERVED_FIELDS
from cattube_worker.routes.requests.multipart import BrokenForm, FilePart, TextPart, read_parts
from cattube_worker.tus.receive import open_reader, write_all

MAX_HELD_BYTES = 256 * 1024
# Of the user's own fields: each status repeats them, for whoever asks.
MOST_OWN_FIELDS, MOST_OWN_CHARACTERS = 1000, 64_000
SLOT_ADVICE = "Send the form again in a moment."


@dataclass(frozen=True, kw_only=True)
class Permission:
    """What the fields of a form let come: files within bounds, which count for the sender."""

    bounds: FileBounds
    sender: Sender


# The permission once the fields give one; None while fields are missing. Raises AssemblyError.
Check = Callable[[Mapping[str, str]], Permission | None]


@dataclass(frozen=True)
class Form:
    """A form that came whole. fields: the first of each name."""

    fields: Mapping[str, str]
    files: list[ReceivedFile] = field(default_factory=list)

    @property
    def own_fields(self) -> dict[str, str]:
        """The fields that are the user's own. Raises BadRequest when they are too many, or too long."""
        own = {name: value for name, value in self.fields.items() if name not in RESERVED_FIELDS}
        if len(own) > MOST_OWN_FIELDS:
            raise BadRequest(
                f"The form has {len(own):,} fields besides params and signature, and may have "
                f"{MOST_OWN_FIELDS:,}."
            )
        characters = sum(len(name) + len(value) for name, value in own.items())
        if characters > MOST_OWN_CHARACTERS:
            raise BadRequest(
                f"The fields besides params and signature have {characters:,} characters, names included, "
                f"and may have {MOST_OWN_CHARACTERS:,} together."
            )
        return own


@contextmanager
def received_form(
    uploads: Uploads, assembly_id: str, check: Check, *, max_bytes: int, stall_seconds: float
) -> Iterator[Form]:
    """The form of this request, its files lying where uploads lie; they go again if the block raises.

    max_bytes: of the whole form. Raises AssemblyError, HTTPException.
    """
    if request.mimetype != "multipart/form-data":
        yield Form(request.form.to_dict())
        return
    receiver = _Receiver(uploads, assembly_id, check)
    try:
        boundary = request.mimetype_params.get("boundary", "")
        try:
            with (
                uploads.locks.hold(f"{assembly_id}.form.{uuid.uuid4().hex}") as lock,
                open_reader(request.environ, lock, stall_seconds=stall_seconds, max_bytes=max_bytes) as read,
            ):
                receiver.receive(read_parts(read, boundary))
        except ClientDisconnected as error:
            raise BrokenForm("The form broke off. Send it again.") from error
        yield Form(receiver.fields, receiver.files)
    except BaseException:
        receiver.remove_files()
        raise


@dataclass
class _Receiver:
    """A form on its way. held: names and bytes of files that came before the fields they need."""

    uploads: Uploads
    assembly_id: str
    check: Check
    fields: dict[str, str] = field(default_factory=dict)
    files: list[ReceivedFile] = field(default_factory=list)
    held: list[FilePart] = field(default_factory=list)
    held_bytes: int = 0
    bounds: FileBounds | None = None
    upload_ids: list[str] = field(default_factory=list)

    def receive(self, parts: Iterator[TextPart | FilePart]) -> None:
        with ExitStack() as slots:
            for part in parts:
                if isinstance(part, TextPart):
                    self.fields.setdefault(part.name, part.value)
                elif (bounds := self._allowed(slots)) is not None:
                    self._keep(part, bounds)
                else:
                    self._hold(part)
            if self.held:
                self._allowed(slots)

    def remove_files(self) -> None:
        for upload_id in self.upload_ids:
            self.uploads.files.remove(upload_id)

    def _allowed(self, slots: ExitStack) -> FileBounds | None:
        """The bounds of files, if they may be kept; those that were held are, the first time."""
        if self.bounds is None and (permission := self.check(self.fields)) is not None:
            slots.enter_context(self.uploads.slot(permission.sender.holders, SLOT_ADVICE))
            self.uploads.check_room(request.content_length or 0, permission.sender)
            self.bounds = permission.bounds
            for part in self.held:
                self._keep(part, permission.bounds)
            self.held.clear()
        return self.bounds

    def _hold(self, part: FilePart) -> None:
        content = bytearray()
        for block in part.blocks:
            self.held_bytes += len(block)
            if self.held_bytes > MAX_HELD_BYTES:
                raise BadRequest(
                    f"More than {MAX_HELD_BYTES // 1024} KiB of files came before params and signature. "
                    "Put those two first in the form."
                )
            content += block
        self.held.append(FilePart(part.name, part.filename, iter([bytes(content)])))

    def _keep(self, part: FilePart, bounds: FileBounds) -> None:
        if len(self.files) >= bounds.max_files:
            raise too_many(len(self.files) + 1, bounds)
        filename, size_bytes = clean_name(part.filename), 0
        upload_id, files = new_upload_id(self.assembly_id), self.uploads.files
        self.upload_ids.append(upload_id)
        with files.write(upload_id) as file:
            for block in part.blocks:
                size_bytes += len(block)
                if size_bytes > bounds.max_size_bytes:
                    raise too_large_in_form(filename, max(size_bytes, request.content_length or 0), bounds)
                write_all(file, memoryview(block))
        self.files.append(
            ReceivedFile(
                id=upload_id,
                filename=filename,
                fieldname=part.name,
                size_bytes=size_bytes,
                host=files.host,
            )
        )
