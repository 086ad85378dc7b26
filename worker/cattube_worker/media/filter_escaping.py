"""Texts within the filters that ffmpeg is given. Pure."""

from __future__ import annotations

import re


def in_filter(path: str) -> str:
    """Path as the value of a filter's option: escaped for the option, and again for the graph."""
    option = re.sub(r"([\\':])", r"\\\1", path)
    return re.sub(r"([\\'\[\],;])", r"\\\1", option)
