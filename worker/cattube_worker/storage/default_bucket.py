"""The operator's bucket: checked seldom, since every request is billed, and swept of unfinished uploads."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from cattube_worker.storage.errors import StoreError
from cattube_worker.storage.s3.bucket_store import BucketStore

log = logging.getLogger(__name__)
GOOD_FOR_SECONDS, BAD_FOR_SECONDS = 300.0, 30.0
SWEEP_SECONDS = 3600.0


class DefaultBucket:
    """The bucket and its state.

    clock: seconds since the epoch. unfinished_seconds: age at which an unfinished upload is given up.
    """

    def __init__(self, store: BucketStore, *, clock: Callable[[], float], unfinished_seconds: float) -> None:
        self.store, self._clock, self._unfinished_seconds = store, clock, unfinished_seconds
        self._checking = threading.Lock()
        self._reason: str | None = None
        self._next_check_at = self._next_sweep_at = 0.0

    def check(self) -> None:
        """Raise StoreError unless the bucket works now; the answer is remembered."""
        try:
            self.store.check()
        except StoreError as error:
            self._remember(str(error), BAD_FOR_SECONDS)
            raise
        self._remember(None, GOOD_FOR_SECONDS)

    def reason(self) -> str | None:
        """Reason the bucket does not work, as of the last check; None when it works."""
        # While one thread checks, the others answer what was known before.
        if self._clock() >= self._next_check_at and self._checking.acquire(blocking=False):
            try:
                self.check()
            except StoreError:
                log.warning("the bucket does not work: %s", self._reason)
            finally:
                self._checking.release()
        return self._reason

    def sweep(self) -> None:
        """Free the parts of uploads that no client goes on with, once an hour (S08)."""
        now = self._clock()
        if now < self._next_sweep_at:
            return
        self._next_sweep_at = now + SWEEP_SECONDS
        before = datetime.fromtimestamp(now - self._unfinished_seconds, UTC)
        if count := self.store.abort_unfinished(begun_before=before):
            log.info("%d unfinished uploads in the bucket were given up", count)

    def _remember(self, reason: str | None, seconds: float) -> None:
        self._reason, self._next_check_at = reason, self._clock() + seconds
