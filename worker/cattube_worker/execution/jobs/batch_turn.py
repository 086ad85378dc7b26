"""Turn of batch work: it stands still while more urgent work is done, and is not starved for ever.

Nobody tells it to stop or to go on. The one thread that does the work asks several times a second. Jobs of
the queue SPEECH are batch work, too, and have a turn of their own: that of BATCH is more urgent.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

# Seconds of standing still that buy one second of work although somebody waits.
SECONDS_FOR_ONE = 5
# Batch work that did not ask for so long was not there to be kept waiting.
_FORGOTTEN_SECONDS = 30.0


@dataclass(frozen=True)
class Turn:
    """Turn of batch work at one moment.

    phase: it works because nobody waits, stands still, or works on its share although somebody waits. Whoever
    does more urgent work waits in this sense.
    starved_seconds: how long it stood still that it was not made up for yet.
    """

    phase: Literal["free", "still", "share"] = "free"
    starved_seconds: float = 0.0


def next_turn(turn: Turn, seconds: float, *, is_awaited: bool, starves_seconds: float) -> Turn:
    """The turn so many seconds later. Pure.

    is_awaited: somebody waits for other work now. starves_seconds: batch work stands still no longer; 0 for
    never.
    """
    if turn.phase == "still":
        starved = turn.starved_seconds + seconds
    else:
        starved = max(0.0, turn.starved_seconds - seconds * SECONDS_FOR_ONE)
    if not is_awaited or not starves_seconds:
        return Turn("free", starved)
    if turn.phase == "share":
        return Turn("share" if starved > 0 else "still", starved)
    is_starved = turn.phase == "still" and starved >= starves_seconds
    return Turn("share" if is_starved else "still", starved)


class BatchTurn:
    """Turn of the batch work of one queue in this process.

    is_awaited: tells if more urgent work is done in this process. starves_seconds: as in `next_turn`.
    """

    def __init__(
        self,
        is_awaited: Callable[[], bool],
        *,
        starves_seconds: float,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._is_awaited, self._starves_seconds, self._now = is_awaited, starves_seconds, now
        self._lock = threading.Lock()
        self._turn, self._asked_at = Turn(), now()

    def must_pause(self) -> bool:
        """Tell if batch work has to stand still now; only asked by what would work otherwise."""
        with self._lock:
            now = self._now()
            seconds, self._asked_at = now - self._asked_at, now
            self._turn = next_turn(
                self._turn if seconds < _FORGOTTEN_SECONDS else Turn(),
                seconds,
                is_awaited=self._is_awaited(),
                starves_seconds=self._starves_seconds,
            )
            return self._turn.phase == "still"
