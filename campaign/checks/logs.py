"""What hosts wrote and answered: no secret, and no mistake of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from campaign.site import Site
from campaign.videos import Video

_UNEXPECTED = ("failed unexpectedly", "Traceback (most recent call last)")


def breaches(site: Site, videos: list[Video], read_bytes: Mapping[str, int]) -> Iterator[str]:
    """What is wrong with the logs since the round began. read_bytes: by host, how long its log was then."""
    texts = {host.name: _since(host.log.read_bytes(), read_bytes[host.name]) for host in site.hosts}
    texts["answers"] = json.dumps([video.status for video in videos])
    for name, text in texts.items():
        if any(secret in text for secret in site.servers.secrets):
            yield f"{name}: a secret is told"
        for line in text.splitlines():
            if any(phrase in line for phrase in _UNEXPECTED):
                yield f"{name}: {line[:200]}"


def lengths(site: Site) -> dict[str, int]:
    """How long the log of each host is by now, in bytes."""
    return {host.name: host.log.stat().st_size for host in site.hosts}


def _since(log: bytes, read_bytes: int) -> str:
    return log[read_bytes:].decode(errors="replace")
