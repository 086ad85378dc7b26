"""The uploads that may be encoded while they arrive, and the output of those that were."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from cattube_worker.execution.steps.prepared_output import PreparedOutput
from cattube_worker.media.process.run import Stopped

# Less than this is encoded in a moment when it is whole.
MIN_UPLOAD_BYTES = 2**20
_MOST_OFFERS = 1000
_REPORT_SECONDS = 0.2


@dataclass
class StreamingEncode:
    """One upload being encoded by a node while it arrives.

    folder: in that of its assembly, which is there until the assembly has ended. ended: `output` is final.
    """

    node: str
    folder: Path
    progress: Callable[[], float]
    ended: Event = field(default_factory=Event)
    output: PreparedOutput | None = None

    @property
    def is_of_use(self) -> bool:
        """True while there is an output, or may be one."""
        return not self.ended.is_set() or self.output is not None


class StreamingEncodes:
    """Offers and encodes of this process; all of them may be lost without harm.

    on_offer: called when there is a new offer.
    """

    def __init__(self, on_offer: Callable[[], None] = lambda: None) -> None:
        self._on_offer = on_offer
        self._lock = threading.Lock()
        self._offers: OrderedDict[str, None] = OrderedDict()
        self._encodes: dict[str, StreamingEncode] = {}

    def offer(self, upload_id: str, size_bytes: int) -> None:
        """Offer an upload whose bytes are arriving: it is encoded if there is time. Returns at once."""
        with self._lock:
            if size_bytes < MIN_UPLOAD_BYTES or upload_id in self._encodes:
                return
            self._offers[upload_id] = None
            if len(self._offers) > _MOST_OFFERS:
                self._offers.popitem(last=False)
        self._on_offer()

    def knows(self, upload_id: str) -> bool:
        """Tell if the upload is being encoded, or was with success."""
        return self.node_of(upload_id) is not None

    def node_of(self, upload_id: str) -> str | None:
        """The node that is being encoded of the upload, or was with success."""
        encode = self._encodes.get(upload_id)
        return encode.node if encode is not None and encode.is_of_use else None

    def has_offers(self) -> bool:
        return bool(self._offers)

    def take(self, choose: Callable[[Sequence[str]], str] = lambda offers: offers[0]) -> str | None:
        """The upload that is chosen of those that wait, of which the first waits longest."""
        with self._lock:
            offers = list(self._offers)
        upload_id = choose(offers) if offers else None
        with self._lock:
            # None waits, or another thread chose the same, or it is withdrawn.
            if upload_id is None or upload_id not in self._offers:
                return None
            del self._offers[upload_id]
        return upload_id

    @contextmanager
    def keep(self, upload_id: str, encode: StreamingEncode) -> Iterator[None]:
        """Let jobs find `encode` while the block works on it, and after that."""
        with self._lock:
            for other_id, other in list(self._encodes.items()):
                if not other.folder.parent.exists():  # Its assembly has ended.
                    del self._encodes[other_id]
            self._encodes[upload_id] = encode
            self._offers.pop(upload_id, None)
        try:
            yield
        finally:
            encode.ended.set()

    def forget(self, upload_id: str) -> None:
        """Let the upload be offered again."""
        with self._lock:
            self._encodes.pop(upload_id, None)

    def result(
        self, upload_id: str, node: str, *, report: Callable[[float], None], stop: Event
    ) -> PreparedOutput | None:
        """The output of `node` for the upload, which is whole by now. Waits for it. Given once.

        Raises Stopped.
        """
        with self._lock:
            self._offers.pop(upload_id, None)
            encode = self._encodes.get(upload_id)
        if encode is None or encode.node != node:
            return None
        while not encode.ended.wait(_REPORT_SECONDS):
            if stop.is_set():
                raise Stopped
            report(encode.progress())
        self.forget(upload_id)
        return encode.output
