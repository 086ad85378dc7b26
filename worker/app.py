"""The application that `flask run` and gunicorn find."""

from __future__ import annotations

import atexit
import signal
import sys

import click
from werkzeug.serving import is_running_from_reloader

from cattube_worker import create_app, start_background, stop_background

app = create_app()


def is_served_by_flask() -> bool:
    """Tell if this process is `flask run` itself: not another command, nor the parent of a reloader."""
    context = click.get_current_context(silent=True)
    if context is None or context.info_name != "run":
        return False
    return is_running_from_reloader() or not context.params.get("reload")


if is_served_by_flask():
    # SIGTERM becomes an ordinary exit: jobs are given back at once instead of when their leases end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    atexit.register(stop_background, app)
    start_background(app)
