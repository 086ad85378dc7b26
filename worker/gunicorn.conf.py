"""gunicorn -c gunicorn.conf.py app:app

One process: the jobs run in it, and its threads wait for the network most of their time.
"""

from __future__ import annotations

import ctypes
import os
import signal
import tempfile
import threading
from types import FrameType
from typing import Any

from cattube_worker import start_background, stop_background
from cattube_worker.settings import load_settings

PR_SET_PDEATHSIG = 1
# Parameters of glibc's malloc.
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8
LARGE_BLOCK_BYTES = 128 * 1024
# Until a worker ends whose master was killed, so that its port and its files are free for the next one.
ORPHAN_SECONDS = 1.5

# Nothing of the state is for other users of this machine.
os.umask(0o077)
# What is freed goes back to the system: threads share one heap, and large blocks, such as pieces of files,
# are no part of it. Other C libraries know no such function.
if hasattr(libc := ctypes.CDLL(None), "mallopt"):
    libc.mallopt(M_ARENA_MAX, 1)
    libc.mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK_BYTES)
settings = load_settings()

bind = (
    f"unix:{settings.worker_socket}" if settings.worker_socket else f"{settings.host}:{settings.worker_port}"
)
workers = 1
worker_class = "gthread"
threads = settings.request_threads
worker_connections = 1000
keepalive = 5
graceful_timeout = 5
timeout = 60
worker_tmp_dir = tempfile.gettempdir()
# This server is not steered from outside; the socket for that would lie in the user's home.
control_socket_disable = True
accesslog = None
loglevel = settings.log_level.lower()


def post_fork(_server: Any, _worker: Any) -> None:
    """Have the kernel ask the worker to stop when its master is killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def post_worker_init(worker: Any) -> None:
    """Start the background in the process that answers, and end it as soon as a stop is asked for."""
    stop_serving, master = signal.getsignal(signal.SIGTERM), os.getppid()

    def stop(number: int, frame: FrameType | None) -> None:
        if os.getppid() != master:
            threading.Timer(ORPHAN_SECONDS, os._exit, [1]).start()
        if callable(stop_serving):
            stop_serving(number, frame)
        stop_background(worker.app.callable)

    signal.signal(signal.SIGTERM, stop)
    start_background(worker.app.callable)


def worker_exit(_server: Any, worker: Any) -> None:
    stop_background(worker.app.callable)
