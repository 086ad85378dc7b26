"""HLS playlists and WebVTT cues, with links in the place of the objects they name. Pure."""

import posixpath
import re
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from cattube.storage.media_types import CUES, piece_type
from cattube.storage.object_keys import folder_of, is_safe

LONGEST_BYTES = 4_000_000

_ATTRIBUTE = re.compile(r'(?<=[:,])URI="([^"]*)"')
# A picture of a storyboard stands alone in its cue: `sprite.jpg#xywh=0,0,160,90`.
_PICTURE = re.compile(r"[^\s<>]+\.(?:jpe?g|png|webp)(?:#xywh=[\d,]+)?", re.I)

Link = Callable[[str], str]


class ForeignAddress(Exception):
    """A document names something outside of its own folder."""


def with_links(document_key: str, text: str, link: Link) -> str:
    """Text of the document, with a link in the place of each object it names.

    link: makes the URL of an object key. Raises ForeignAddress.
    """
    rewrite = _cue_line if piece_type(document_key) == CUES else _playlist_line
    return "".join(rewrite(line, document_key, link) for line in text.splitlines(keepends=True))


def named_key(document_key: str, address: str) -> str:
    """Key of the object that an address inside a document means. Raises ForeignAddress."""
    try:
        parts = urlsplit(address)
        path = unquote(parts.path, errors="strict")
    except ValueError as error:
        raise ForeignAddress(f"{document_key} names {address[:200]!r}") from error
    key = posixpath.normpath(posixpath.join(posixpath.dirname(document_key), path))
    is_own = not parts.scheme and not parts.netloc and path and not path.startswith("/")
    if not is_own or not is_safe(key) or not key.startswith(folder_of(document_key)):
        raise ForeignAddress(f"{document_key} names {address[:200]!r}")
    return key


def _playlist_line(line: str, document_key: str, link: Link) -> str:
    if line.startswith("#"):
        return _ATTRIBUTE.sub(lambda match: f'URI="{link(named_key(document_key, match[1]))}"', line)
    address = line.strip()
    return line.replace(address, link(named_key(document_key, address))) if address else line


def _cue_line(line: str, document_key: str, link: Link) -> str:
    address = line.strip()
    if not _PICTURE.fullmatch(address):
        return line
    try:
        key = named_key(document_key, address)
    except ForeignAddress:
        return line  # words of a caption that look like the name of a picture
    fragment = urlsplit(address).fragment
    return line.replace(address, link(key) + (f"#{fragment}" if fragment else ""))
