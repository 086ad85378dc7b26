"""Hosts that the operator lets the engine contact although their address is private.

Trust is for one purpose: who may be notified is not for that asked for files.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

_DEFAULT_PORTS = frozenset({80, 443})


@dataclass(frozen=True)
class TrustedHosts:
    """Trusted hosts for one purpose. setting: where the operator names them.

    names: "host:port", "host:*" for every port, or "host" for the ports 80 and 443; in lower case.
    """

    names: Collection[str] = ()
    setting: str = "IMPORT_HOSTS"

    def include(self, host: str, port: int) -> bool:
        """Tell if this port of the host may be contacted, whatever its address."""
        name = host.lower().rstrip(".")
        name = f"[{name}]" if ":" in name else name
        is_default = port in _DEFAULT_PORTS and name in self.names
        return is_default or f"{name}:{port}" in self.names or f"{name}:*" in self.names
