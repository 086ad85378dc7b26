"""The broker that tells worker hosts of jobs, as this host last found it."""

from __future__ import annotations

import logging
from dataclasses import dataclass

log = logging.getLogger(__name__)
# For everybody. Where the broker is, and what it said, stands in the log.
NONE_TOLD = "Worker hosts are not told of jobs: the broker of BROKER_URL cannot be used. The log says why."


@dataclass
class BrokerState:
    """Whether the broker answers. problem: what it, or the way to it, said; None while it answers.

    Whoever announces jobs asks the broker every few seconds, and notes here what came of it.
    """

    problem: str | None = None

    def reason(self) -> str | None:
        """Sentence for everybody while the broker cannot be used; None while it answers."""
        return None if self.problem is None else NONE_TOLD

    def note_away(self, error: Exception) -> None:
        if self.problem is None:
            log.warning("the broker is away, jobs are announced when it is back: %s", error)
        self.problem = str(error)

    def note_there(self) -> None:
        if self.problem is not None:
            log.warning("the broker is back")
        self.problem = None
