"""Calls of `ip`, of iproute2."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any


class NamespacesRefused(Exception):
    """This machine gives this process no network namespaces; the message says why."""


def ip(*arguments: str) -> str:
    """What `ip` prints. Raises NamespacesRefused with what it says when it fails."""
    program = shutil.which("ip", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if program is None:
        raise NamespacesRefused("`ip`, of iproute2, is not installed")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NamespacesRefused(f"ip {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout


def link_names() -> list[str]:
    """Names of the interfaces of this machine."""
    return [link["ifname"] for link in json.loads(ip("-json", "link") or "[]")]


def namespace_names() -> list[str]:
    """Names of the network namespaces that have one."""
    return [namespace["name"] for namespace in json.loads(ip("-json", "netns") or "[]")]


def routes() -> Sequence[Mapping[str, Any]]:
    """Routes of this machine, those to its own addresses among them."""
    found: list[dict[str, Any]] = json.loads(ip("-json", "-4", "route", "show", "table", "all") or "[]")
    return found
