"""Worker hosts that are cut off, and are back some seconds later."""

from __future__ import annotations

from servers.relay import Cut

from campaign.network.namespace import End
from campaign.scene import CannotStrike, Scene

_MOST_DELAY_SECONDS = 4.0
# Longer than a lease, often enough.
_LENGTH_SECONDS = (1.0, 8.0)


def from_database(scene: Scene) -> None:
    """What it makes meanwhile comes too late, and is refused by the fence."""
    _cut_off(scene, "database")


def from_broker(scene: Scene) -> None:
    """It is not told of jobs meanwhile."""
    _cut_off(scene, "broker")


def from_bucket(scene: Scene) -> None:
    """It neither finds what jobs left nor leaves what it made."""
    _cut_off(scene, "bucket")


def from_all(scene: Scene) -> None:
    """It has no network. Nobody is told: no connection ends."""
    namespace = scene.any_worker().namespace
    if namespace is None:
        raise CannotStrike("hosts in network namespaces")
    scene.send()
    scene.wait_at_random(_MOST_DELAY_SECONDS)
    namespace.cut(scene.choose(list(End)))
    scene.wait_at_random(_LENGTH_SECONDS[1], least_seconds=_LENGTH_SECONDS[0])
    namespace.heal()


def _cut_off(scene: Scene, way: str) -> None:
    scene.send()
    scene.wait_at_random(_MOST_DELAY_SECONDS)
    link = scene.any_worker().links[way]
    link.cut(scene.choose(list(Cut)))
    scene.wait_at_random(_LENGTH_SECONDS[1], least_seconds=_LENGTH_SECONDS[0])
    link.heal()
