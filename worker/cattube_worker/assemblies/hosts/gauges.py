"""What hosts and queues report, as gauges."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cattube_worker.assemblies.hosts.hosts import HostFacts
from cattube_worker.assemblies.hosts.queue_depths import QueueDepth
from cattube_worker.protocol.metrics import Gauge, Sample


def queue_gauges(depths: Sequence[QueueDepth]) -> list[Gauge]:
    """Depth and age of each queue: what to scale by."""

    def gauge(name: str, meaning: str, value: Callable[[QueueDepth], float]) -> Gauge:
        samples = [Sample({"queue": depth.queue}, value(depth)) for depth in depths]
        return Gauge(f"cattube_queue_{name}", meaning, samples)

    return [
        gauge("waiting_jobs", "Jobs that wait.", lambda depth: depth.waiting),
        gauge("running_jobs", "Jobs that run.", lambda depth: depth.running),
        gauge(
            "oldest_seconds",
            "Seconds for which the job has been due that waits longest.",
            lambda depth: depth.oldest_seconds,
        ),
    ]


def host_gauges(hosts: Sequence[HostFacts]) -> list[Gauge]:
    """State of each host; none on a site of one machine."""

    def gauge(name: str, meaning: str, value: Callable[[HostFacts], float]) -> Gauge:
        samples = [Sample({"host": host.name}, value(host)) for host in hosts]
        return Gauge(f"cattube_host_{name}", meaning, samples)

    about = [
        Sample(
            {
                "host": host.name,
                "role": host.role,
                "version": host.version,
                "ffmpeg": host.ffmpeg_version or "",
            },
            1,
        )
        for host in hosts
    ]
    return [
        Gauge("cattube_host_info", "Hosts, and what is installed there.", about),
        gauge("present", "1 if the host reported a moment ago, else 0.", lambda host: host.is_present),
        gauge("running_jobs", "Jobs and streaming encodes that it runs.", lambda host: len(host.running)),
        gauge(
            "clock_offset_seconds",
            "Seconds by which its clock is ahead of the database's.",
            lambda host: host.clock_offset_seconds,
        ),
        gauge(
            "missing_encoders",
            "Encoders that are needed and that its ffmpeg lacks.",
            lambda host: len(host.missing_encoders),
        ),
    ]
