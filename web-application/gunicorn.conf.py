"""gunicorn -c gunicorn.conf.py cattube.wsgi: one small process with threads; see WEB_THREADS and HOST."""

import ctypes
import gc
import os
import signal
import threading
from types import FrameType
from typing import Any

from cattube import settings

PR_SET_PDEATHSIG = 1
# A parameter of glibc's malloc.
M_ARENA_MAX = -8
# Until a worker ends whose master was killed, so that its port is free for the next one.
ORPHAN_SECONDS = 1.5

# Nothing of the state is for other users of this machine.
os.umask(0o077)
# One heap for all threads: of several, each keeps what it freed. Other C libraries know no such function.
if hasattr(libc := ctypes.CDLL(None), "mallopt"):
    libc.mallopt(M_ARENA_MAX, 1)
host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
bind = f"unix:{settings.WEB_SOCKET}" if settings.WEB_SOCKET else f"{host}:{settings.WEB_PORT}"
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
    from django.urls import get_resolver

    # Every page: Django would import them with the first request, and no longer for both.
    get_resolver().url_patterns  # noqa: B018
    # What is alive now stays alive: keep the collector from touching, and so copying, the shared pages.
    gc.collect()
    gc.freeze()


def post_fork(_server: Any, _worker: Any) -> None:
    """Have the kernel ask the worker to stop when its master is killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def post_worker_init(worker: Any) -> None:
    """Start the reconciler, and end the streams of events with the first word of a stop: it would wait."""
    # Not above: this file is read before Django is set up.
    from cattube.processing.reconciler import ReconcilerThread
    from cattube.web.api.videos.events import server_stops

    if settings.RECONCILES_INSIDE:
        worker.reconciler = ReconcilerThread()
        worker.reconciler.start()

    stop_serving, master = signal.getsignal(signal.SIGTERM), os.getppid()

    def stop(number: int, frame: FrameType | None) -> None:
        if os.getppid() != master:
            threading.Timer(ORPHAN_SECONDS, os._exit, [1]).start()
        server_stops.set()
        if callable(stop_serving):
            stop_serving(number, frame)

    signal.signal(signal.SIGTERM, stop)


def worker_exit(_server: Any, worker: Any) -> None:
    if reconciler := getattr(worker, "reconciler", None):
        reconciler.stop()
