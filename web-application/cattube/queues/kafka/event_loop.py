"""An asyncio loop in a thread of its own, for clients that are made for nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from threading import Thread
from typing import Any, TypeVar
from weakref import WeakSet

Result = TypeVar("Result")
SECONDS_TO_STOP = 5.0


class EventLoop:
    """Runs coroutines for threads that wait for them. With it end all connections that they have made."""

    def __init__(self) -> None:
        self._loop = _Loop()
        self._thread = Thread(target=self._loop.run_forever, name="queues", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, Result], *, seconds: float) -> Result:
        """Result of the work. Raises TimeoutError, after which the work is cancelled."""
        future = asyncio.run_coroutine_threadsafe(_within(seconds, work), self._loop)
        # A client may go on for ever with what it does about being cancelled.
        return future.result(seconds + SECONDS_TO_STOP)

    def cancel_all(self) -> None:
        """Have all that is under way end now."""
        with suppress(TimeoutError):
            self.run(_cancel_others(), seconds=SECONDS_TO_STOP)

    def close(self) -> None:
        self.cancel_all()
        with suppress(TimeoutError):
            self.run(self._loop.abort_connections(), seconds=SECONDS_TO_STOP)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(SECONDS_TO_STOP)
        if not self._thread.is_alive():
            self._loop.close()


class _Loop(asyncio.SelectorEventLoop):
    """Knows its connections: a client whose work is cancelled may forget one."""

    def __init__(self) -> None:
        super().__init__()
        self._connections: WeakSet[asyncio.Transport] = WeakSet()

    async def create_connection(self, *arguments: Any, **settings: Any) -> Any:
        transport, protocol = await super().create_connection(*arguments, **settings)
        self._connections.add(transport)
        return transport, protocol

    async def abort_connections(self) -> None:
        """Close at once all that is open, whatever is still to be written."""
        for connection in list(self._connections):
            connection.abort()
        for _ in range(2):  # One turn of the loop for the socket, and one for TLS above it.
            await asyncio.sleep(0)


async def _within(seconds: float, work: Coroutine[Any, Any, Result]) -> Result:
    async with asyncio.timeout(seconds):  # in this task: wait_for would have another one
        return await work


async def _cancel_others() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
