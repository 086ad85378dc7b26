"""manage.py reconcile [--watch]: bring every video's state up to date by asking the engine."""

import itertools
import logging
import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections
from django.utils import timezone

from cattube.processing.expiry import clear_expired
from cattube.processing.reconcile import housekeeping, poll_quiet_videos, reconcile

log = logging.getLogger(__name__)
PAUSE_SECONDS = 2
# Nobody waits for it.
ROUNDS_PER_HOUSEKEEPING = 5
ROUNDS_PER_DAY = 24 * 3600 // PAUSE_SECONDS
STOP_SIGNALS = {signal.SIGTERM, signal.SIGINT}


class Command(BaseCommand):
    # The checks import every page and the whole API; this process runs all day and needs neither.
    requires_system_checks = ()
    help = "Ask the engine about videos that may change, and clear away what was abandoned."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--watch", action="store_true", help=f"go on, every {PAUSE_SECONDS} s")

    def handle(self, *args: Any, watch: bool, **options: Any) -> None:
        if not watch:
            self.stdout.write(f"Looked at {reconcile()} records.")
            clear_expired()
            return
        # Blocked and waited for, so that a stop never falls into the middle of a transaction.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
        self.stdout.write(f"Asking the engine every {PAUSE_SECONDS} s.")
        self.stdout.flush()
        for number in itertools.count():
            if signal.sigtimedwait(STOP_SIGNALS, PAUSE_SECONDS) is not None:
                return
            try:
                poll_quiet_videos(timezone.now())
                if number % ROUNDS_PER_HOUSEKEEPING == 0:
                    housekeeping()
                if number % ROUNDS_PER_DAY == 0:
                    clear_expired()
            except Error:
                log.exception("The database could not be used; trying again")
            close_old_connections()
