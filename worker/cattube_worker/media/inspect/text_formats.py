"""Formats of text: SVG, HTML and JSON by what stands at the beginning of a file. Pure."""

from __future__ import annotations

import codecs
import json
import re

# What may come before the root of a document, each with its end.
_PROLOG = (("<?", "?>"), ("<!--", "-->"))
_ROOT = re.compile(r"<(?:!doctype\s+)?([a-z][a-z0-9:]*)(?=[\s/>]|$)", re.IGNORECASE)
# Elements with which pages begin, of those that browsers go by.
# Source: WHATWG, "MIME Sniffing", identifying a resource with an unknown MIME type.
_HTML = frozenset({
    "html", "head", "body", "title", "script", "style", "iframe", "table", "div", "h1", "p",
})  # fmt: skip
# Longer than any word or number of JSON that a cut may go through.
_LONGEST_TOKEN = 32


def text_format(head: bytes, *, is_whole: bool) -> str | None:
    """Extension of the format, "svg", "html" or "json"; None for any other text, and for what is no text.

    head: the first bytes of a file. is_whole: they are all it has.
    """
    text = _decoded(head)
    if text is None:
        return None
    if text.startswith(("{", "[")):
        return "json" if _is_json(text, is_whole=is_whole) else None
    root = _ROOT.match(_without_prolog(text))
    name = root[1].lower() if root else ""
    if name in {"svg", "svg:svg"}:
        return "svg"
    return "html" if name in _HTML else None


def _decoded(head: bytes) -> str | None:
    """The text without byte order mark and leading white space; None for what is no text."""
    is_utf16 = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if b"\0" in head and not is_utf16:
        return None
    # Incremental: a character may be cut through at the end.
    decoder = codecs.getincrementaldecoder("utf-16" if is_utf16 else "utf-8-sig")("replace")
    return decoder.decode(head).lstrip()


def _without_prolog(text: str) -> str:
    """The document from its type or its root on: without XML declaration and comments."""
    while True:
        text = text.lstrip()
        ends = [end for start, end in _PROLOG if text.startswith(start)]
        if not ends:
            return text
        text = text.partition(ends[0])[2]


def _is_json(text: str, *, is_whole: bool) -> bool:
    """True for an object or an array, or for the beginning of one that is not whole."""
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except json.JSONDecodeError as error:
        is_cut = error.msg.startswith("Unterminated string") or error.pos >= len(text) - _LONGEST_TOKEN
        return is_cut and not is_whole
    except RecursionError:
        return False
    return not text[end:].strip()
