"""A network whose bytes are counted, before servers of this machine."""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from servers.relay import Relay


@dataclass
class Network:
    """held: closes the ways to the servers at its end."""

    held: ExitStack
    relays: list[Relay] = field(default_factory=list)

    def through(self, url: str) -> str:
        """The address of a server, over this network."""
        relay = self.held.enter_context(closing(Relay(urlsplit(url).port or 0)))
        self.relays.append(relay)
        return relay.through(url)

    @property
    def passed_bytes(self) -> int:
        """In both directions so far."""
        return sum(relay.passed_bytes for relay in self.relays)
