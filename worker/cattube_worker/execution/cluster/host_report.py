"""The row by which this host tells people and other hosts that it is there."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from cattube_worker.assemblies.hosts import hosts
from cattube_worker.clock import Clock
from cattube_worker.database import Database
from cattube_worker.errors import AssemblyError
from cattube_worker.execution.cluster.database_clock import DatabaseClock
from cattube_worker.execution.jobs.running_jobs import RunningJobs
from cattube_worker.execution.resources import Resources
from cattube_worker.media.process.encoders import NEEDED, missing_encoders
from cattube_worker.settings import SettingsError
from cattube_worker.version import VERSION

log = logging.getLogger(__name__)
# A clock that is farther off than this is worth a line in the log.
WRONG_CLOCK_SECONDS = 5.0


@dataclass(kw_only=True)
class HostReport:
    """Writes the row of the host `name`. system_clock: of this machine, right or wrong.

    database_clock: the engine's, which is told how far that is ahead.
    """

    database: Database
    system_clock: Clock
    database_clock: DatabaseClock | None = None
    running: RunningJobs
    resources: Resources
    name: str
    role: str
    takes_jobs: bool = True
    clock_offset_seconds: float = field(default=0.0, init=False)
    _started_at: float = field(default=0.0, init=False)

    def join(self) -> None:
        """Report for the first time. Raises SettingsError when another kind of host has this name."""
        with self.database.read() as session:
            if hosts.is_taken(session, self.name, role=self.role):
                raise SettingsError(
                    f"HOST_NAME={self.name}: another host has this name. A worker beside an engine on the "
                    "same machine needs a name of its own"
                )
            self._started_at = hosts.database_now(session)
        self.check_in()
        if abs(self.clock_offset_seconds) > WRONG_CLOCK_SECONDS:
            log.warning("the clock is %.0f seconds ahead of the database's", self.clock_offset_seconds)

    def check_in(self) -> None:
        """Report that the host is there, and what it runs."""
        ffmpeg_version, missing = self._ffmpeg()
        with self.database.read() as session:
            before = self.system_clock()
            now = hosts.database_now(session)
            # Half of the time that the question took had passed when the database looked.
            self.clock_offset_seconds = (before + self.system_clock()) / 2 - now
        if self.database_clock is not None:
            self.database_clock.offset_seconds = self.clock_offset_seconds
        with self.database.write() as session:
            hosts.check_in(
                session,
                name=self.name,
                role=self.role,
                version=VERSION,
                started_at=self._started_at,
                clock_offset_seconds=self.clock_offset_seconds,
                ffmpeg_version=ffmpeg_version,
                missing_encoders=missing,
                takes_jobs=self.takes_jobs,
                running=self.running.facts(),
            )

    def leave(self) -> None:
        """Take the row away: the host ends in peace."""
        with self.database.write() as session:
            hosts.leave(session, self.name)

    def _ffmpeg(self) -> tuple[str | None, tuple[str, ...]]:
        """Version of ffmpeg and the encoders that it lacks; None and all of them where there is none."""
        try:
            tools = self.resources.found_tools
            return tools.version, missing_encoders(tools)
        except AssemblyError:
            return None, tuple(sorted(NEEDED))
