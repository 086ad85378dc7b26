"""Progress of ffmpeg, read from what `-progress` writes."""

from __future__ import annotations

from collections.abc import Callable


class ProgressReader:
    """Reader that reports the share that is done, from 0 to 1, never backwards."""

    def __init__(self, duration_seconds: float, report: Callable[[float], None]) -> None:
        self._duration_seconds, self._report = duration_seconds, report
        self._rest = b""
        self._reported = 0.0

    def feed(self, chunk: bytes) -> None:
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        self._rest = self._rest[-1024:]
        for line in lines:
            name, _, value = line.partition(b"=")
            if name == b"out_time_us":  # out_time_ms has the same number, whatever its name
                self._advance(value.strip())

    def _advance(self, microseconds: bytes) -> None:
        if not microseconds.isdigit() or self._duration_seconds <= 0:  # "N/A" at first
            return
        share = min(int(microseconds) / 1_000_000 / self._duration_seconds, 1.0)
        if share > self._reported:
            self._reported = share
            self._report(share)
