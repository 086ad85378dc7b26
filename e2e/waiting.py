"""Waiting for what a site does."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx

from e2e.site import PATIENCE_SECONDS, Site


def wait_until(is_true: Callable[[], bool], *, site: Site | None = None) -> None:
    """Ask until the answer is yes. A hang fails the test, with all that the site has said."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_true():
        assert time.monotonic() < deadline, site.output if site else "waited in vain"
        time.sleep(0.05)


def wait_until_dead(link: str) -> None:
    """Wait for the end of a link that works for a while."""
    wait_until(lambda: not httpx.get(link, headers={"Range": "bytes=0-0"}).is_success)
