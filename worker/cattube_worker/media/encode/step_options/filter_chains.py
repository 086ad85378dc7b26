"""Chains of filters in a step's own words, held against allowed_options.py. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cattube_worker.media.encode.step_options import allowed_options as allowed

_MOST_FILTERS = 32  # of a chain


def read_chain(option: str, value: Any, filters_allowed: frozenset[str]) -> tuple[str, ...]:
    """The filters of a chain, each looked up. Raises ValueError."""
    filters = tuple(_filters_in(str(value)))
    if str(value).count("'") % 2:
        raise ValueError(f'"{option}": a quote is never closed')
    if len(filters) > _MOST_FILTERS:
        raise ValueError(f'"{option}" holds {len(filters)} filters, where {_MOST_FILTERS} are allowed')
    for text in filters:
        match = allowed.FILTER.fullmatch(text.strip())
        if match is None or match["name"] not in filters_allowed:
            raise ValueError(f'"{option}" may not use the filter "{text.strip()[:40]}"')
        _check_filter(option, match["name"], match["options"] or "")
    return tuple(text.strip() for text in filters)


def _check_filter(option: str, name: str, options: str) -> None:
    # ffmpeg takes quotes away before it looks for options, so what matters is the text without them.
    plain = options.replace("'", "")
    if not allowed.FILTER_OPTIONS.fullmatch(plain) or re.search(r"file|movie|://", plain, re.IGNORECASE):
        raise ValueError(f'"{option}": the filter "{name}" may not be used with these options')
    if name != "drawtext":
        return
    for pair in plain.split(":"):
        key, equals, _ = pair.partition("=")
        # Without a name the first value would be a font's file.
        if not equals or key.strip() not in allowed.DRAWTEXT_OPTIONS:
            raise ValueError(f'"{option}": drawtext may not be used with "{key.strip()[:40]}"')


def _filters_in(text: str) -> Iterator[str]:
    """The filters of a chain, at the commas that stand in no quotes."""
    part, is_quoted = "", False
    for character in text:
        if character == "," and not is_quoted:
            yield part
            part = ""
            continue
        is_quoted = is_quoted != (character == "'")
        part += character
    yield part
