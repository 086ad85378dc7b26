"""Checks of the engine, in their order: it answers, is well, takes our key, and notifies us."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cattube.doctor.engine.health import check_health
from cattube.doctor.engine.notification import NOTIFICATION, NotificationTrial
from cattube.doctor.engine.template import ask_for_template, check_template
from cattube.doctor.finding import Finding, failed, has_failed, ok, skipped
from cattube.processing.transloadit.account import Account
from cattube.processing.transloadit.client import EngineClient

ENGINE = "Engine"


@dataclass(frozen=True)
class EngineCheck:
    """Check of one engine, with the requests of the site.

    site: origin or queue that the engine reports to; "" when it cannot reach us. is_public: the site has an
    https address, so that strangers' files have to be expected. wait: sleeps so many seconds.
    """

    engine: EngineClient
    address: str
    account: Account
    template_id: str
    site: str
    is_public: bool = False
    wait: Callable[[float], None] = time.sleep

    def run(self) -> Iterator[Finding]:
        if not self.engine.is_healthy():
            fix = "Start it, or correct TRANSLOADIT_SERVICE (or WORKER_PORT, for ours)."
            yield failed(ENGINE, f"Nothing answers at {self.address}.", fix)
            return
        yield ok(ENGINE, f"{self.address} answers.")
        yield from check_health(self.engine, self.address, is_public=self.is_public)
        key_finding, template = ask_for_template(self.engine, self.account, self.template_id)
        yield key_finding
        if has_failed([key_finding]):
            yield skipped(NOTIFICATION, "Without a key the engine does nothing for us.")
            return
        yield check_template(template, self.template_id)
        yield NotificationTrial(self.engine, self.account, self.site, self.wait).finding()
