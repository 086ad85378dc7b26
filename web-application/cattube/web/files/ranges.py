"""Range header of HTTP. Pure."""

import re
from dataclasses import dataclass

ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class RangeNotSatisfiable(Exception):
    """The range lies outside of the object: 416."""


@dataclass(frozen=True)
class ByteRange:
    """Bytes first to last, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


def read_range(header: str, *, size: int) -> ByteRange | None:
    """Bytes that the header asks for; None for the whole object. Raises RangeNotSatisfiable.

    Several ranges at once, and what is no range, get the whole object: a server may ignore the header
    (RFC 9110, 14.2), and a thousand ranges of one file are an attack, not a player.
    """
    match = ONE_RANGE.fullmatch(header.strip())
    if match is None or match.groups() == ("", ""):
        return None
    first_text, last_text = match.groups()
    if not first_text:
        first, last = max(size - int(last_text), 0), size - 1
        if int(last_text) == 0:
            raise RangeNotSatisfiable
    else:
        first, last = int(first_text), min(int(last_text or size), size - 1)
        if last_text and int(last_text) < first:
            return None
    if first >= size:
        raise RangeNotSatisfiable
    return ByteRange(first, last)
