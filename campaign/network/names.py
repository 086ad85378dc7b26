"""Names of namespaces and interfaces, which tell whose they are. Pure.

They have at most 15 characters, as Linux wants it of interfaces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

_OURS = re.compile(r"ct(\d+)(-\d+)?")


def bridge_name(pid: int) -> str:
    """Name of the bridge of the campaign in that process."""
    return f"ct{pid}"


def host_name(pid: int, number: int) -> str:
    """Name of the namespace of a host, and of the cable to it."""
    return f"ct{pid}-{number}"


def abandoned(names: Iterable[str], is_running: Callable[[int], bool]) -> list[str]:
    """Those that campaigns left which run no more, as one does that was killed."""
    found = ((name, _OURS.fullmatch(name)) for name in names)
    return [name for name, match in found if match and not is_running(int(match[1]))]
