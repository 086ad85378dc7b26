"""Guards in front of each file that ffmpeg opens. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from cattube_worker.media.inspect.formats import AUDIO_VIDEO_DEMUXERS, IMAGE_DEMUXERS
from cattube_worker.media.process.limits import Limits


def input_guards(
    limits: Limits,
    *,
    protocol: str = "file",
    demuxers: Sequence[str] = (*AUDIO_VIDEO_DEMUXERS, *IMAGE_DEMUXERS),
) -> list[str]:
    """Options in front of an input that limit what opening it can do."""
    formats = ",".join(demuxers)
    return [
        "-protocol_whitelist", protocol,
        "-format_whitelist", formats,
        "-max_streams", str(limits.max_streams),
    ]  # fmt: skip
