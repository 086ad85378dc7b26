"""The namespace of one host: a loopback interface and a cable to the bridge, which can be cut."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Interface
from pathlib import Path

from campaign.network.commands import NamespacesRefused, ip

_FOLDER = Path("/run/netns")
# The end of the cable in the namespace.
_OWN_END = "eth0"


class End(Enum):
    """Of a cable. HOST: what goes out is refused at once. BRIDGE: it vanishes.

    Neither ends a connection: both sides of it hear nothing.
    """

    HOST = "host"
    BRIDGE = "bridge"


@dataclass(frozen=True)
class Namespace:
    """name: of the namespace, and of the end of its cable at the bridge."""

    name: str

    @property
    def entry(self) -> list[str]:
        """What goes before a command for it to run in here."""
        # `ip netns exec` would mount another /sys, which has no cgroups.
        return ["nsenter", f"--net={_FOLDER / self.name}", "--"]

    def make(self, address: IPv4Interface, *, bridge: str) -> None:
        """Raises NamespacesRefused."""
        ip("netns", "add", self.name)
        ip("link", "add", self.name, "type", "veth", "peer", "name", _OWN_END, "netns", self.name)
        ip("link", "set", self.name, "master", bridge, "up")
        ip("-netns", self.name, "address", "add", str(address), "dev", _OWN_END)
        ip("-netns", self.name, "link", "set", "lo", "up")
        ip("-netns", self.name, "link", "set", _OWN_END, "up")

    def remove(self) -> None:
        """Remove what there is of it. What runs in it has no network any more."""
        for arguments in (("link", "delete", self.name), ("netns", "delete", self.name)):
            with suppress(NamespacesRefused):
                ip(*arguments)

    def cut(self, end: End) -> None:
        """Cut the host off from everything at once."""
        self._set(end, "down")

    def heal(self) -> None:
        for end in End:
            self._set(end, "up")

    def _set(self, end: End, state: str) -> None:
        if end is End.HOST:
            ip("-netns", self.name, "link", "set", _OWN_END, state)
        else:
            ip("link", "set", self.name, state)
