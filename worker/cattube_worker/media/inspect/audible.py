"""Trial of a file's sounds: a container may name a codec, and hold what no decoder of that name can read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cattube_worker.media.encode.command import guarded_input
from cattube_worker.media.inspect.video_facts import VideoFacts
from cattube_worker.media.workspace import Workspace

_MOST_TRIED = 8


def audible_facts(path: Path, facts: VideoFacts, workspace: Workspace) -> VideoFacts | None:
    """Facts with the first sound that can be decoded, or with none; None where the chosen one can be.

    Raises CommandFailed, CommandTimeout, Stopped.
    """
    if not facts.has_audio or is_audible(path, facts.audio_number, workspace):
        return None
    others = (number for number in range(_MOST_TRIED) if number != facts.audio_number)
    number = next((number for number in others if is_audible(path, number, workspace)), None)
    if number is None:
        return replace(facts, has_audio=False, audio_number=0, audio_seconds=0)
    return replace(facts, audio_number=number, audio_seconds=0, audio_channels=0, audio_layout="")


def is_audible(path: Path, number: int, workspace: Workspace) -> bool:
    """Tell if a sound comes of the stream of that number. Raises CommandFailed, CommandTimeout, Stopped."""
    opened = guarded_input(path, workspace.limits)
    arguments = ["-nostdin", "-v", "error", *opened, "-map", f"0:a:{number}"]
    arguments += ["-frames:a", "1", "-f", "s16le", "pipe:1"]
    result = workspace.ask(arguments, reads=[path], timeout_seconds=workspace.limits.probe_seconds)
    return result.exit_code == 0 and bool(result.output)
