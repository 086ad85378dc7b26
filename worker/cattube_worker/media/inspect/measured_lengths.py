"""Lengths of the video and the audio of a file, measured packet by packet: nothing is decoded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from cattube_worker.errors import AssemblyError
from cattube_worker.media.inspect.streams import ChosenStreams
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.run import run
from cattube_worker.media.process.tools import Tools

# A day without a frame is a day; ffmpeg would take it for an error of the clock.
_BELIEVING = ("-dts_error_threshold", str(10**8))
# Of what -progress writes.
_TIME = re.compile(rb"^out_time_us=(\d+)", re.MULTILINE)


def measure(
    path: Path, opened: Sequence[str], chosen: ChosenStreams, *, tools: Tools, limits: Limits
) -> dict[str, float] | None:
    """Seconds of "video" and of "audio", as far as there are any; None where one cannot be measured.

    opened: arguments that open the file.
    """
    streams: dict[str, str] = {}
    if chosen.video is not None:
        streams["video"] = f"0:V:{chosen.video_number}"
    if chosen.audio is not None:
        streams["audio"] = f"0:a:{chosen.audio_number}"
    ends = {kind: _end(path, opened, stream, tools=tools, limits=limits) for kind, stream in streams.items()}
    return ends if all(ends.values()) else None


def _end(path: Path, opened: Sequence[str], stream: str, *, tools: Tools, limits: Limits) -> float:
    """Seconds to the end of the last packet of a stream; 0 when that cannot be measured."""
    arguments = ["-nostdin", "-v", "error", "-nostats", "-progress", "pipe:1", *_BELIEVING, *opened]
    try:
        result = run(
            tools.ffmpeg,
            [*arguments, "-map", stream, "-c", "copy", "-f", "null", "-"],
            sandbox=tools.sandbox,
            limits=limits,
            timeout_seconds=limits.probe_seconds,
            reads=[path],
        )
    except AssemblyError:
        return 0
    times = _TIME.findall(result.output)
    return int(times[-1]) / 1_000_000 if times and result.exit_code == 0 else 0
