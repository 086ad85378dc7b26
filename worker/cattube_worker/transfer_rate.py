"""Rate of a transfer: tells one that is slow from one that only holds its place."""

from __future__ import annotations


class TransferRate:
    """Bytes of one transfer, judged window by window, so that a pause within one is made up for.

    One thread counts, another may judge. Times are of the monotonic clock.
    """

    def __init__(self, *, now: float) -> None:
        self.received_bytes = 0
        self._begun_at, self._begun_bytes = now, 0

    def is_below(self, bytes_per_second: float, *, window_seconds: float, now: float) -> bool:
        """Tell if less came in the window that ends now; no while it is not over."""
        seconds = now - self._begun_at
        if seconds < window_seconds:
            return False
        window_bytes = self.received_bytes - self._begun_bytes
        self._begun_at, self._begun_bytes = now, self.received_bytes
        return window_bytes < bytes_per_second * seconds
