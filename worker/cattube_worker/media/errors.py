"""Errors between a file and ffmpeg, with Transloadit's codes."""

from __future__ import annotations

from cattube_worker.errors import AssemblyError


class ToolsMissing(AssemblyError):
    """This machine has no ffmpeg that can be used."""

    code, status = "INTERNAL_COMMAND_ERROR", 503


class SandboxMissing(AssemblyError):
    """This machine cannot fence ffmpeg in, and the engine must not work without. Another one may."""

    code, status, retryable = "INTERNAL_COMMAND_ERROR", 503, True


class InvalidInput(AssemblyError):
    """The file is not what it claims to be, or asks for more than is allowed."""

    code, status = "INVALID_INPUT_ERROR", 400


class CommandFailed(AssemblyError):
    """ffmpeg ended without its output."""

    code = "INTERNAL_COMMAND_ERROR"


class CommandTimeout(AssemblyError):
    """ffmpeg did not end in the time it was given."""

    code = "INTERNAL_COMMAND_TIMEOUT"
