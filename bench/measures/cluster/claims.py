"""Jobs announced and claimed a second, with 10,000 that wait, on PostgreSQL and RabbitMQ.

The reference is one statement on a table of nothing else: what the server can do at all.
"""

from __future__ import annotations

import json
import subprocess
import sys

from e2e.site import ROOT, clean_environment
from servers.brokers.rabbitmq import rabbitmq
from servers.postgres import postgres

from bench.row import Row, row_beside

LEAST_PER_SECOND = 300
# The last jobs beside the first. Other things that the machine does cost some.
LEAST_SHARE = 0.8


def measure() -> list[Row]:
    claiming = _claiming()
    return [
        Row(
            name="jobs announced and claimed, 10,000 waiting",
            ours=claiming["announced_and_claimed"],
            reference=claiming["bare"],
            unit="1/s",
            limit=LEAST_PER_SECOND,
            bar=f"{LEAST_PER_SECOND} 1/s; beside a bare UPDATE ... SKIP LOCKED",
            more_is_better=True,
        ),
        row_beside(
            "the last 1,000 of them",
            claiming["last"],
            claiming["first"],
            factor=LEAST_SHARE,
            beside="the first 1,000",
            unit="1/s",
            more_is_better=True,
        ),
    ]


def _claiming() -> dict[str, float]:
    """As `claiming.py` prints it."""
    with postgres() as database_url, rabbitmq() as broker:
        done = subprocess.run(
            [sys.executable, "-m", "bench.measures.cluster.claiming", database_url, broker.url],
            cwd=ROOT,
            env=clean_environment(PYTHONPATH=f"{ROOT}:{ROOT / 'worker'}"),
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    claiming: dict[str, float] = json.loads(done.stdout)
    return claiming
