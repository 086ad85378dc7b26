"""Names of what the campaign makes of networks."""

from __future__ import annotations

import pytest
from campaign.network.names import abandoned, bridge_name, host_name

LARGEST_PID = 2**22


@pytest.mark.parametrize("name", [bridge_name(LARGEST_PID), host_name(LARGEST_PID, 99)])
def test_names_are_no_longer_than_linux_takes_them(name: str) -> None:
    assert len(name) <= 15


def test_only_what_ended_campaigns_left_is_abandoned() -> None:
    ended, running = 17, 18
    theirs = [bridge_name(ended), host_name(ended, 1)]
    others = [bridge_name(running), host_name(running, 1), "lo", "eth0", "ct", "ct-1", "act17", "ct17-cat"]

    assert abandoned([*theirs, *others], is_running=lambda pid: pid == running) == theirs
