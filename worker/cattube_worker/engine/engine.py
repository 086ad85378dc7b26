"""The engine as a whole: one object of each part, with the parts that it uses."""

from __future__ import annotations

from cattube_worker.clock import Clock
from cattube_worker.engine.arrivals import Arrivals
from cattube_worker.engine.files import Files
from cattube_worker.engine.foundation import open_foundation
from cattube_worker.engine.reports import Reports
from cattube_worker.engine.work import Work
from cattube_worker.routes.services import Services
from cattube_worker.routes.uploads.other_hosts import OtherHosts
from cattube_worker.settings import Settings


class Engine:
    """One engine, wired. Its parts answer when they are called, and do nothing by themselves.

    Only the application knows the engine as a whole; every part gets just the parts that it uses.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        """Open the state folder that the settings name; folders and tables are made if missing.

        Raises SettingsError.
        """
        self.foundation = open_foundation(settings, clock)
        self.settings, self.signals = settings, self.foundation.signals
        self.database = self.foundation.database
        self.files = Files(self.foundation)
        self.arrivals = Arrivals(self.foundation, self.files)
        self.work = Work(self.foundation, self.files, self.arrivals)
        self.reports = Reports(self.foundation, self.files, self.work.turns)
        self.services = self._services()
        if settings.has_several_hosts and settings.internal_url:
            self.files.held_uploads.announce(settings.internal_url)

    def _services(self) -> Services:
        """The parts that routes work with."""
        foundation, files, arrivals, reports = self.foundation, self.files, self.arrivals, self.reports
        return Services(
            foundation.account,
            foundation.bounds,
            foundation.clock,
            foundation.database,
            foundation.default_bucket,
            foundation.settings,
            foundation.signals,
            foundation.templates,
            files.encryption,
            files.held_uploads,
            files.index_files,
            files.job_files,
            files.links,
            files.live_previews,
            files.local_store,
            files.resources,
            files.results,
            arrivals.announcement_consumer,
            arrivals.announcements,
            arrivals.replays,
            arrivals.streaming,
            arrivals.uploads,
            reports.outbox,
            reports.signed_urls,
            reports.statuses,
            self.work.broker_state,
            self.work.jobs,
            OtherHosts(clock=foundation.clock),
        )
