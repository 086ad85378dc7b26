"""The application of an ingest host, as gunicorn finds it, which sweeps every few seconds."""

from __future__ import annotations

from cattube_worker import create_app
from cattube_worker.background import threads

threads.SWEEP_SECONDS = 3.0
app = create_app()
