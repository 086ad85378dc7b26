"""Notifications a second from the engine's outbox to applied records: through RabbitMQ, Kafka, and by POST.

Each ends an Assembly, so that its video becomes ready, with its files. The engine's own client of the broker
sends them from two threads, as the outbox does, and waits for each to be confirmed; the site's consumer takes
them. By POST, the reference, two threads send too.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import httpx
from e2e.site import ROOT, Site, clean_environment
from servers.brokers.broker import Broker, kafka_broker, rabbitmq_broker

from bench.folders import work_folder
from bench.row import Row
from bench.servers import running_site

NOTIFICATIONS = 1000
LEAST_PER_SECOND = 300
# Of the engine's outbox.
SENDING_THREADS = 2
FORM = "application/x-www-form-urlencoded; charset=utf-8"
GOLDEN = ROOT / "contract" / "notifications" / "completed.json"
BROKERS: dict[str, Callable[[], AbstractContextManager[Broker]]] = {
    "RabbitMQ": rabbitmq_broker,
    "Kafka": kafka_broker,
}
# In the site: videos that wait for their Assemblies, and a signed notification of the end of each.
MAKE = """
import json
from urllib.parse import urlencode
from django.conf import settings
from django.contrib.auth.models import User
from cattube.processing.transloadit.signature import sign
from cattube.videos.models import Video

owner = User.objects.get(username="admin")
videos = [Video(owner=owner, title=f"Cat {{number}}", status="processing") for number in range({count})]
Video.objects.bulk_create(videos)
bodies = []
for number, video in enumerate(videos):
    text = {text!r}.replace("abcdefghijk", video.pk).replace({folder!r}, video.folder)
    text = text.replace("c" * 32, f"{{number:032x}}")
    signature = sign(text, secret=settings.TRANSLOADIT_SECRET)
    bodies.append(urlencode({{"transloadit": text, "signature": signature}}))
print(json.dumps(bodies))
"""
# In the engine's room.
SEND = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
from cattube_worker.queues.address import read_address
from cattube_worker.queues.brokers import open_sender
from cattube_worker.queues.queue import Message

sender = open_sender(read_address(sys.argv[1], default_name=""))
sender.send(Message(b"", {"ping": "bench"}))
print("ready", flush=True)
bodies = json.loads(sys.stdin.readline())
messages = [Message(body.encode(), {"content-type": sys.argv[2]}) for body in bodies]
with ThreadPoolExecutor(2) as threads:
    list(threads.map(sender.send, messages))
sender.close()
"""


@dataclass(frozen=True)
class Reading:
    """Applied notifications a second."""

    by_queue: float
    by_post: float


def measure() -> list[Row]:
    rows = []
    for name, running in BROKERS.items():
        with running() as broker:
            reading = _read(broker)
        rows.append(
            Row(
                name=f"notifications applied, through {name}",
                ours=reading.by_queue,
                reference=reading.by_post,
                unit="1/s",
                limit=LEAST_PER_SECOND,
                bar=f"{LEAST_PER_SECOND} 1/s; beside those by POST",
                more_is_better=True,
            )
        )
    return rows


def _read(broker: Broker) -> Reading:
    address = broker.new_address()
    with work_folder() as folder, running_site(folder / "data", NOTIFICATIONS_URL=address) as site:
        bodies = _notifications(site, 2 * NOTIFICATIONS)
        by_post = _rate(site, lambda: _post(site, bodies[:NOTIFICATIONS]), ready=NOTIFICATIONS)
        with _sending(address) as send:
            by_queue = _rate(site, lambda: send(bodies[NOTIFICATIONS:]), ready=2 * NOTIFICATIONS)
    return Reading(by_queue=by_queue, by_post=by_post)


def _notifications(site: Site, count: int) -> list[str]:
    text: str = json.loads(GOLDEN.read_text())["transloadit"]
    folder = json.loads(json.loads(text)["params"])["fields"]["folder"]
    bodies: list[str] = json.loads(site.run(MAKE.format(count=count, text=text, folder=folder)))
    return bodies


def _rate(site: Site, send: Callable[[], None], *, ready: int) -> float:
    """Notifications a second until so many videos are ready."""
    began = time.monotonic()
    send()
    with sqlite3.connect(f"file:{site.data / 'web.sqlite3'}?mode=ro", uri=True) as database:
        query = "SELECT count(*) FROM videos_video WHERE status = 'ready'"
        while database.execute(query).fetchone()[0] < ready:
            time.sleep(0.02)
    return NOTIFICATIONS / (time.monotonic() - began)


def _post(site: Site, bodies: Sequence[str]) -> None:
    url = f"{site.url}/notifications/transloadit"
    with (
        httpx.Client(headers={"Content-Type": FORM}) as client,
        ThreadPoolExecutor(SENDING_THREADS) as threads,
    ):
        for answer in threads.map(lambda body: client.post(url, content=body), bodies):
            answer.raise_for_status()


@contextmanager
def _sending(address: str) -> Iterator[Callable[[Sequence[str]], None]]:
    """What has a process that is connected send all the bodies, and does not wait for it."""
    argv = [sys.executable, "-c", SEND, address, FORM]
    with subprocess.Popen(
        argv,
        cwd=ROOT / "worker",
        env=clean_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        stdin = process.stdin

        def send(bodies: Sequence[str]) -> None:
            stdin.write(json.dumps(bodies) + "\n")
            stdin.flush()

        yield send
    assert process.returncode == 0
