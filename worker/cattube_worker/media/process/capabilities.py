"""Capabilities of this machine's ffmpeg, from the tables it prints: decoders and channel layouts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from cattube_worker.errors import AssemblyError
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.run import run
from cattube_worker.media.process.tools import Tools


@cache
def decodable_codecs(tools: Tools) -> frozenset[str]:
    """Names of the codecs that it decodes, asked for once for each program; empty when it does not tell."""
    rows = (line.split() for line in _table(tools, "-codecs"))
    # Six flags stand before the name, "D" for decoding first; "=" follows them where they are explained.
    return frozenset(
        words[1] for words in rows if len(words) > 2 and len(words[0]) == 6 and words[0][0] == "D"
    ) - {"="}


@cache
def channel_layouts(tools: Tools) -> Mapping[str, int]:
    """Number of channels of each layout that it has a name for, asked for once for each program."""
    lines = _table(tools, "-layouts")
    start = next(
        (index for index, line in enumerate(lines) if line.startswith("Standard channel layouts")), 0
    )
    rows = (line.split() for line in lines[start + 2 :])
    return {words[0]: words[1].count("+") + 1 for words in rows if len(words) == 2}


def _table(tools: Tools, option: str) -> list[str]:
    arguments = ["-hide_banner", option]
    try:
        result = run(tools.ffmpeg, arguments, sandbox=tools.sandbox, limits=Limits(), timeout_seconds=30)
    except AssemblyError:
        return []
    return result.output.decode("utf-8", "replace").splitlines()
