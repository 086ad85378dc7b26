"""The process that makes a quick start, beside the one that makes the file."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Self

from cattube_worker.errors import AssemblyError
from cattube_worker.media.encode.command import Command
from cattube_worker.media.process.run import Stopped
from cattube_worker.media.streams.live_preview import PLAYLIST
from cattube_worker.media.streams.piece_list import pieces_in
from cattube_worker.media.streams.quick_pace import QuickPace
from cattube_worker.media.streams.quick_playlist import broken_off, seconds_shown
from cattube_worker.media.streams.quick_start import QUICK_PLAYLIST, WATCHED
from cattube_worker.media.workspace import Workspace

log = logging.getLogger(__name__)
# In front of the encoder of the file by so much.
_LESS_NICENESS = 5


class QuickProcess:
    """Runs in a with block around the encoder of the file, which need not wait for it and is not told of it.

    Its playlist is there from the beginning, and empty. In the end it says so, or is gone if nothing was
    made: whoever reads it knows by that which pieces viewers get.

    command: its one output lies in the folder of the live preview, which exists then.
    name: what people call the file, for messages.
    """

    def __init__(self, command: Command, workspace: Workspace, *, name: str) -> None:
        self._command, self._folder, self._name = command, command.outputs[0].path.parent, name
        self._stop, self._must_pause_too = Event(), workspace.must_pause
        self._began_at, self._watched_at = 0.0, 0.0
        limits = replace(workspace.limits, niceness=max(0, workspace.limits.niceness - _LESS_NICENESS))
        self._workspace = replace(
            workspace,
            limits=limits,
            report=lambda share: None,
            stop=self._stop,
            must_pause=self._must_pause,
        )
        self._thread = Thread(target=self._run, name="engine-quick-start", daemon=True)

    def __enter__(self) -> Self:
        (self._folder / QUICK_PLAYLIST).touch()
        self._began_at = time.monotonic()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # What it has not made by now, the file has.
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            self._workspace.run(
                self._command.arguments(self._workspace.limits),
                reads=self._command.reads,
                name=self._name,
                stdin=self._command.pipe.take_stdin() if self._command.pipe is not None else None,
            )
        except Stopped:
            pass
        except AssemblyError as error:
            log.info("the quick start of %r broke off: %s", self._name, error)
        except Exception:
            log.exception("the quick start of %r broke off", self._name)
        finally:
            self._close()

    def _must_pause(self) -> bool:
        """Asked several times a second."""
        pace = self._pace()
        if pace.is_enough:
            self._stop.set()
        return pace.must_pause or self._must_pause_too()

    def _pace(self) -> QuickPace:
        now = time.monotonic()
        if not self._watched_at and (self._folder / WATCHED).exists():
            self._watched_at = now
        return QuickPace(
            quick_seconds=seconds_shown(_text(self._folder / QUICK_PLAYLIST)),
            slow_seconds=sum(seconds for seconds, _ in pieces_in(_text(self._folder / PLAYLIST))),
            running_seconds=now - self._began_at,
            watched_seconds=now - self._watched_at if self._watched_at else None,
        )

    def _close(self) -> None:
        """Put the end to the playlist, or take it away. The folder may be gone by now."""
        path = self._folder / QUICK_PLAYLIST
        text = _text(path)
        try:
            if not text:
                path.unlink(missing_ok=True)
            elif broken_off(text) != text:
                new_path = path.with_suffix(".new")
                new_path.write_text(broken_off(text))
                new_path.replace(path)
        except OSError as error:
            log.warning("the quick start of %r stays without an end: %s", self._name, error)


def _text(path: Path) -> str:
    """Text of a playlist; empty where there is none."""
    try:
        return path.read_text()
    except OSError:
        return ""
