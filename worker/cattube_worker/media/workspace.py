"""A job's folder and tools, and all that its work may reach: ffmpeg, the stores and the web."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Literal

from cattube_worker.disk_room import DiskRoom
from cattube_worker.errors import NO_ROOM, AssemblyError, DiskFull
from cattube_worker.media.errors import CommandFailed, InvalidInput
from cattube_worker.media.file_facts import FileFacts
from cattube_worker.media.inspect.probe import describe
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.progress import ProgressReader
from cattube_worker.media.process.run import RunResult, run, wait_while
from cattube_worker.media.process.tools import Tools

if TYPE_CHECKING:
    from cattube_worker.media.speech.model import SpeechModel
    from cattube_worker.outbound.http import Outbound
    from cattube_worker.storage import Stores

log = logging.getLogger(__name__)

# Is told of an error that does not end the job, with the step and the phase it came up in.
OnIgnoredError = Callable[[AssemblyError, str, Literal["meta"]], None]
# What ffmpeg says when the file is to blame and not the machine: a second attempt would end the same way.
_BAD_INPUT = ("Invalid data found", "moov atom not found", "could not find codec", "Output file is empty",
              "matches no streams", "Picture size", "does not contain any stream", "Error while decoding",
              "Not on whitelist", "not on whitelist", "Invalid argument",
              "Nothing was written into output file", "Cannot determine format of input")  # fmt: skip
_LAST_SIGNAL = 31  # of those that end a program
# How the system ends who writes a file that is too long, and how a program in between tells it.
_TOO_LARGE = (-signal.SIGXFSZ, 128 + signal.SIGXFSZ)


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """One job's folder and tools.

    folder: new files lie in it; it exists, and whoever made it removes it.
    report: is told the share done, from 0 to 1. stop: once set, ffmpeg is killed and the job ends.
    must_pause: tells if the work has to stand still, ffmpeg included.
    import_hosts: may be asked for files although their address is private, as TrustedHosts names them.
    max_files: how many files one step may bring in; how large each may be is in `limits`.
    warn: is told, in a sentence for people, of what is not as they expect in a result that counts.
    publish: is told of a folder that is about to hold a live preview.
    room: on the disk; work ends at its reserve. None: nothing is kept free.
    speech_model: recognises speech; it may be missing on this machine. None: nothing does.
    """

    folder: Path
    tools: Tools
    limits: Limits
    report: Callable[[float], None]
    stop: Event
    stores: Stores
    import_hosts: Collection[str] = ()
    max_files: int = 100
    on_ignored_error: OnIgnoredError = lambda error, step, phase: None
    warn: Callable[[str], None] = lambda message: None
    publish: Callable[[Path], None] = lambda folder: None
    room: DiskRoom | None = None
    must_pause: Callable[[], bool] = lambda: False
    speech_model: SpeechModel | None = None

    def run(
        self,
        arguments: Sequence[str],
        *,
        reads: Sequence[Path],
        name: str,
        duration_seconds: float = 0,
        stdin: int | None = None,
    ) -> None:
        """Run ffmpeg once, with its files in the workspace's folder.

        reads: all it may open. name: what people call the input, for messages. duration_seconds: of what is
        made, for progress. stdin: a descriptor to read from, which is closed here. Bytes that come through a
        pipe may keep ffmpeg waiting, and any complaint about them is a failure: the whole file can be tried
        again.
        Raises InvalidInput, CommandFailed, CommandTimeout, DiskFull, Stopped.
        """
        result = run(
            self.tools.ffmpeg,
            arguments,
            sandbox=self.tools.sandbox,
            limits=self.limits,
            timeout_seconds=self.limits.wall_clock_seconds,
            stall_seconds=self.limits.stall_seconds if stdin is None else None,
            reads=reads,
            writes=[self.folder],
            stop=self.stop,
            must_pause=self.must_pause,
            stdin=stdin,
            room=self.room,
            on_output=ProgressReader(duration_seconds, self.report).feed,
        )
        if stdin is not None and (result.exit_code != 0 or result.errors.strip()):
            raise CommandFailed(f"ffmpeg ended with {result.exit_code}: {result.errors[-500:].strip()}")
        if result.exit_code in _TOO_LARGE:
            gib = self.limits.max_output_bytes / 2**30
            raise InvalidInput(f'What is made of "{name}" is larger than the {gib:.3g} GiB that are allowed.')
        if result.exit_code != 0:
            raise _failure(result, name)

    def ask(
        self, arguments: Sequence[str], *, reads: Sequence[Path], timeout_seconds: float | None = None
    ) -> RunResult:
        """The answer of ffmpeg about files; it writes none. Raises CommandFailed, CommandTimeout, Stopped."""
        return run(
            self.tools.ffmpeg,
            arguments,
            sandbox=self.tools.sandbox,
            limits=self.limits,
            timeout_seconds=timeout_seconds or self.limits.wall_clock_seconds,
            reads=reads,
            stop=self.stop,
            must_pause=self.must_pause,
        )

    def wait_for_turn(self) -> None:
        """Wait as long as the work has to stand still. Raises Stopped when it has to end."""
        wait_while(self.must_pause, self.stop)

    def describe(self, path: Path, *, name: str) -> FileFacts:
        """The facts of a file, which a client called `name`."""
        return describe(path, name=name, tools=self.tools, limits=self.limits)

    def outbound(self) -> Outbound:
        """A client for addresses in the web."""
        # Only where it is needed: the HTTP client is heavy and most installations never fetch anything.
        from cattube_worker.outbound.http import Outbound
        from cattube_worker.outbound.trusted_hosts import TrustedHosts

        return Outbound(TrustedHosts(self.import_hosts), room=self.room)


def _failure(result: RunResult, name: str) -> AssemblyError:
    log.warning("ffmpeg ended with %s on %r: %s", result.exit_code, name, result.errors[-2000:])
    details = {"exitCode": result.exit_code}
    if "No space left" in result.errors:
        return DiskFull(NO_ROOM, details=details)
    # Newer ffmpegs end with codes of their own, which are higher than those of any signal.
    killed = result.exit_code < 0 or 128 < result.exit_code <= 128 + _LAST_SIGNAL
    if not killed and any(words in result.errors for words in _BAD_INPUT):
        return InvalidInput(f'"{name}" is not a video we can read.', details=details)
    return CommandFailed(f'"{name}" could not be processed.', retryable=killed, details=details)
