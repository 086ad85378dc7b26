"""Bytes that cross the network for one video, from its upload until all results of the template are stored.

Counted is what passes between client and ingest host, and between the two hosts, the database, the broker and
the bucket. Results have to cross once, so the size of what is stored is left out. Hosts tell the database and
the broker now and then that they are there: that share grows with the time that encoding takes.
"""

from __future__ import annotations

from pathlib import Path

from bench.folders import work_folder
from bench.measures.cluster.counted_site import CountedSite, counted_site
from bench.row import Row, row_beside
from bench.videos.sending import send
from bench.videos.sources import busy_source

# The video has to cross twice: to the ingest host, and to the worker. The rest is for all that is no file.
FACTOR, MESSAGES_FACTOR = 2.2, 0.2
# Each answer costs the ingest host a look at the database, over the network.
POLL_SECONDS = 2.0


def measure() -> list[Row]:
    with work_folder() as folder:
        source = busy_source(folder)
        video_bytes = source.stat().st_size
        with counted_site(folder) as site:
            files_before, messages_before = site.files.passed_bytes, site.messages.passed_bytes
            _publish(site, source)
            messages_bytes = site.messages.passed_bytes - messages_before
            files_bytes = site.files.passed_bytes - files_before - site.bucket.stored_bytes()
    return [
        _row("network for one video, beside its results", files_bytes + messages_bytes, video_bytes, FACTOR),
        _row("of that, database and broker", messages_bytes, video_bytes, MESSAGES_FACTOR),
    ]


def _row(name: str, crossed_bytes: int, video_bytes: int, factor: float) -> Row:
    return row_beside(
        name, crossed_bytes / 1e6, video_bytes / 1e6, factor=factor, beside="the video", unit="MB"
    )


def _publish(site: CountedSite, source: Path) -> None:
    """Send the video over the network, and wait until all is stored."""
    status = site.ingest.create_assembly({"template_id": "cattube"}, expected_files=1)
    address = site.ingest.create_upload(status, source.name, source.stat().st_size)
    assert address.startswith(site.ingest.address), address
    send(address.replace(site.ingest.address, site.door_url), source)
    site.ingest.wait_until_finished(status, poll_seconds=POLL_SECONDS)
