"""The order in which things come after those they depend on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from graphlib import CycleError, TopologicalSorter


def dependency_levels(graph: Mapping[str, Iterable[str]]) -> Iterator[list[str]]:
    """Names level by level: a level depends on earlier ones alone, and keeps the graph's own order.

    graph: for each name those it depends on; names that are no key of it do not count.
    Names that wait for each other, and those that wait for them, are in no level.
    """
    positions = {name: position for position, name in enumerate(graph)}
    sorter = TopologicalSorter(
        {name: [other for other in dependencies if other in graph] for name, dependencies in graph.items()}
    )
    # After a cycle was found the sorter still gives what does not wait for it.
    with suppress(CycleError):
        sorter.prepare()
    while ready := sorter.get_ready():
        yield sorted(ready, key=positions.__getitem__)
        sorter.done(*ready)


def dependency_order(graph: Mapping[str, Iterable[str]]) -> list[str]:
    """The names of all levels, one after the other."""
    return [name for level in dependency_levels(graph) for name in level]
