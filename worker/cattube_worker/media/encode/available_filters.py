"""Which filters the ffmpeg of this machine was built with."""

from __future__ import annotations

from functools import cache

from cattube_worker.media.encode.normalization import Normalization, normalization
from cattube_worker.media.inspect.metadata import VideoFacts
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.run import run
from cattube_worker.media.process.tools import Tools


@cache
def has_filter(tools: Tools, name: str) -> bool:
    """Whether there is a filter of that name; asked once for each program."""
    arguments = ["-hide_banner", "-filters"]
    said = run(tools.ffmpeg, arguments, sandbox=tools.sandbox, limits=Limits(), timeout_seconds=30)
    lines = [line.split() for line in said.output.decode("utf-8", "replace").splitlines()]
    return any(len(words) > 1 and words[1] == name for words in lines)


def normalization_here(picture: VideoFacts, tools: Tools) -> Normalization:
    """What the frames of `picture` need, as far as these tools can."""
    needs_zscale = picture.is_hdr or picture.color_primaries == "bt2020"
    return normalization(picture, has_zscale=needs_zscale and has_filter(tools, "zscale"))
