"""A worker host, as `celery -A cattube_worker.celery_app worker` starts it, which sweeps often.

CAMPAIGN_CLOCK_AHEAD_SECONDS: how far its clock is ahead.
"""

from __future__ import annotations

import os
import sys

from campaign.launch.shifted_clock import shift_clock

if ahead_seconds := float(os.environ.get("CAMPAIGN_CLOCK_AHEAD_SECONDS", 0)):
    shift_clock(ahead_seconds)

from celery.__main__ import main

from cattube_worker.background import threads

# Ten minutes are too long to wait for the end of each round.
threads.SWEEP_SECONDS = 3.0
sys.argv = ["celery", "-A", "cattube_worker.celery_app", "worker"]
main()
