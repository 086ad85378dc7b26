"""manage.py reconcile [--watch]: bring every video's state up to date by asking the engine."""

import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from cattube.processing.expiry import clear_expired
from cattube.processing.reconcile import reconcile
from cattube.processing.reconciler import PAUSE_SECONDS, watch

STOP_SIGNALS = {signal.SIGTERM, signal.SIGINT}


class Command(BaseCommand):
    # The checks import every page and the whole API; this process runs all day and needs neither.
    requires_system_checks = ()
    help = "Ask the engine about videos that may change, and clear away what was abandoned."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--watch", action="store_true", help=f"go on, every {PAUSE_SECONDS} s")

    def handle(self, *args: Any, watch: bool, **options: Any) -> None:
        if watch:
            self._watch()
            return
        self.stdout.write(f"Looked at {reconcile()} records.")
        clear_expired()

    def _watch(self) -> None:
        # Blocked and waited for, so that a stop never falls into the middle of a transaction.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
        self.stdout.write(f"Asking the engine every {PAUSE_SECONDS} s.")
        self.stdout.flush()
        watch(lambda: signal.sigtimedwait(STOP_SIGNALS, PAUSE_SECONDS) is None)
