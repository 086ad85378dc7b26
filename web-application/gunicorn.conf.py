"""gunicorn -c gunicorn.conf.py cattube.wsgi: one small process with threads; see WEB_THREADS and HOST."""

import gc
import os
import signal
from types import FrameType
from typing import Any

from cattube import settings

# Nothing of the state is for other users of this machine.
os.umask(0o077)
bind = (
    f"{settings.HOST}:{settings.WEB_PORT}"
    if ":" not in settings.HOST
    else f"[{settings.HOST}]:{settings.WEB_PORT}"
)
worker_class = "gthread"
workers = 1
threads = settings.WEB_THREADS
# Loaded before the fork, so that master and worker share most of their memory.
preload_app = True
keepalive = 5
timeout = 60
graceful_timeout = 10
control_socket_disable = True


def pre_fork(server: Any, worker: Any) -> None:
    # What is alive now stays alive: keep the collector from touching, and so copying, the shared pages.
    gc.collect()
    gc.freeze()


def post_worker_init(_worker: Any) -> None:
    """End the streams of events with the first word of a stop: it would wait for them."""
    # Not above: this file is read before Django is set up.
    from cattube.web.api.events import server_stops

    stop_serving = signal.getsignal(signal.SIGTERM)

    def stop(number: int, frame: FrameType | None) -> None:
        server_stops.set()
        if callable(stop_serving):
            stop_serving(number, frame)

    signal.signal(signal.SIGTERM, stop)
