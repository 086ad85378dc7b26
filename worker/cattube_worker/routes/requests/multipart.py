"""Multipart forms part by part, in the order in which they come. Nothing is kept on the way.

Werkzeug's own parser puts every file on the disk before the first field can be asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData

from cattube_worker.errors import BadRequest

BLOCK_BYTES = 64 * 1024
MAX_PARTS = 1000
# Of all text fields together, and of the headers of one part.
MAX_TEXT_BYTES = 2 * 1024 * 1024
_CHARSETS = frozenset({"ascii", "us-ascii", "utf-8", "iso-8859-1"})


class BrokenForm(BadRequest):
    """The body is no multipart form, or not all of one."""


@dataclass(frozen=True)
class TextPart:
    """A text field of a form."""

    name: str
    value: str


@dataclass(frozen=True)
class FilePart:
    """A file of a form. blocks: its bytes, to be read before the next part is asked for."""

    name: str
    filename: str
    blocks: Iterator[bytes]


def read_parts(read: Callable[[int], bytes], boundary: str) -> Iterator[TextPart | FilePart]:
    """The parts of the form. read: at most so many bytes of the body, none at its end.

    Raises BrokenForm, RequestEntityTooLarge, and what `read` raises.
    """
    events, text_bytes = _events(read, boundary), 0
    for event in events:
        if isinstance(event, File):
            blocks = _blocks(events)
            yield FilePart(event.name or "", event.filename, blocks)
            for _ in blocks:  # What was not read would be taken for the next part.
                pass
        elif isinstance(event, Field):
            content = bytearray()
            for block in _blocks(events):
                text_bytes += len(block)
                if text_bytes > MAX_TEXT_BYTES:
                    raise RequestEntityTooLarge
                content += block
            yield TextPart(event.name or "", content.decode(_charset(event), "replace"))


def _events(read: Callable[[int], bytes], boundary: str) -> Iterator[Event]:
    decoder = MultipartDecoder(boundary.encode("latin-1", "replace"), MAX_TEXT_BYTES, max_parts=MAX_PARTS)
    try:
        while block := read(BLOCK_BYTES):
            decoder.receive_data(block)
            yield from _ready(decoder)
        decoder.receive_data(None)
        yield from _ready(decoder)
    except ValueError as error:
        raise BrokenForm("The form broke off, or is not multipart/form-data. Send it again.") from error


def _ready(decoder: MultipartDecoder) -> Iterator[Event]:
    while not isinstance(event := decoder.next_event(), NeedData | Epilogue):
        yield event


def _blocks(events: Iterator[Event]) -> Iterator[bytes]:
    """The bytes of the part whose head was read last."""
    for event in events:
        if isinstance(event, Data):
            yield event.data
            if not event.more_data:
                return


def _charset(field: Field) -> str:
    charset = parse_options_header(field.headers.get("content-type"))[1].get("charset", "").lower()
    return charset if charset in _CHARSETS else "utf-8"
