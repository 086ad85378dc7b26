"""Plan: the steps of instructions, compiled to as few jobs as possible."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from cattube_worker.instructions.assembly_file import ORIGINAL_STEP
from cattube_worker.instructions.dependency_order import dependency_order
from cattube_worker.instructions.sprite_sheets import with_sprite_sheets
from cattube_worker.instructions.steps import Step, Use
from cattube_worker.instructions.variables import expressions_in, has_variables
from cattube_worker.robots.shared.base import Phase

_FILE = re.compile(r"\bfile\b")
_Key = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Node:
    """One step, or several whose outputs one ffmpeg process makes from the same input.

    steps, filters: each after those it uses. uses: the steps of other nodes whose files it takes.
    filters: steps that decide for each file which of `steps` get it.
    """

    name: str
    steps: tuple[Step, ...]
    uses: tuple[Use, ...]
    filters: tuple[Step, ...] = ()
    is_bundle: bool = False
    group_by_original: bool = False
    passes_through: bool = False  # a store step: its outputs are its inputs
    is_import: bool = False  # has no inputs: it runs once

    @property
    def phase(self) -> Phase:
        """The word in "ignore_errors" for the errors of this node."""
        return "import" if self.is_import else "execute"

    @property
    def is_batch(self) -> bool:
        """True when viewers do not wait for its outputs."""
        return all(step.params.is_batch for step in self.steps)

    @property
    def recognises_speech(self) -> bool:
        """True when it gives way to other batch work, too, in a queue of its own."""
        return all(step.params.recognises_speech for step in self.steps)

    def steps_for(self, passes: Callable[[Step], bool]) -> list[Step]:
        """The steps that get a file. passes: whether one of the filters lets the file through."""
        reached = {use.step for use in self.uses}
        for step in self.filters:
            if step.uses[0].step in reached and passes(step):
                reached.add(step.name)
        steps = []
        for step in self.steps:
            if any(use.step in reached for use in step.uses):
                reached.add(step.name)
                steps.append(step)
        return steps

    @property
    def may_fail(self) -> bool:
        """True when the assembly goes on after an error of this node."""
        return all(self.phase in step.params.ignored_phases for step in self.steps)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The nodes, each after those it uses."""

    nodes: tuple[Node, ...]

    def node_of(self, step: str) -> Node | None:
        """The node of a step; None for uploads, which no job makes."""
        for node in self.nodes:
            if any(step == member.name for member in (*node.steps, *node.filters)):
                return node
        return None

    @property
    def taken_steps(self) -> frozenset[str]:
        """The steps whose files nodes take, as opposed to frames within a node."""
        return frozenset(use.step for node in self.nodes for use in node.uses)

    def node(self, name: str) -> Node:
        """The node of that name. Raises KeyError."""
        for node in self.nodes:
            if node.name == name:
                return node
        raise KeyError(name)


def compile_plan(steps: Mapping[str, Step], *, may_fuse: bool = True) -> Plan:
    """The plan of these steps, as returned by `read_steps`.

    Media steps that go back to the same files become one node: the video is decoded once, and a step that
    uses another step's file takes its frames instead, which saves one generation of loss. Batch steps share a
    node with batch steps only. Filters in between are part of the node. Stills that only one sprite sheet
    uses are not made one by one.
    """
    steps = with_sprite_sheets(steps) if may_fuse else steps
    filters = _filters_within(steps) if may_fuse else {}
    groups: dict[_Key, list[Step]] = {}
    group_of: dict[str, _Key] = {}
    for step in _in_order(steps):
        if step.name in filters:
            continue
        key = _group_to_join(step, steps, group_of) if may_fuse else None
        if key is None:
            # Files of the same source meet in one group, whichever step opens it.
            source = _source(step, filters) if may_fuse and _can_share(step) else None
            key = ("", step.name) if source is None else ("files of", source, step.params.queue or "")
        groups.setdefault(key, []).append(step)
        group_of[step.name] = key
    return Plan(nodes=tuple(_nodes_in_order(_node(members, filters) for members in groups.values())))


def _group_to_join(step: Step, steps: Mapping[str, Step], group_of: Mapping[str, _Key]) -> _Key | None:
    """The group whose frames this step can take in place of a file; None without one."""
    if not _can_share(step):
        return None
    used = steps[step.uses[0].step]
    # Its own user_meta is inherited with its file, not with its frames.
    if (
        not (_can_share(used) and used.params.gives_frames)
        or used.params.user_meta
        or used.params.queue != step.params.queue
        or any(_FILE.search(expression) for expression in expressions_in(step.raw))
    ):
        return None
    return group_of[used.name]


def _filters_within(steps: Mapping[str, Step]) -> dict[str, Step]:
    """Filters that become part of nodes: only steps of nodes use them, and their files are not results."""
    filters: dict[str, Step] = {}
    for step in reversed(_in_order(steps)):
        followers = [other for other in steps.values() if any(use.step == step.name for use in other.uses)]
        if followers and _is_plain_filter(step) and all(_may_follow(other, filters) for other in followers):
            filters[step.name] = step
    return filters


def _is_plain_filter(step: Step) -> bool:
    is_plain = len(step.uses) == 1 and step.uses[0] == Use(step=step.uses[0].step)
    return step.params.decides and is_plain


def _may_follow(follower: Step, filters: Mapping[str, Step]) -> bool:
    """True when a node can leave the step out for a file: variables in it could name the filter."""
    return follower.name in filters or (_can_share(follower) and not has_variables(follower.raw))


def _source(step: Step, filters: Mapping[str, Step]) -> str:
    """The step whose files this one gets through the filters."""
    name = step.uses[0].step
    return _source(filters[name], filters) if name in filters else name


def _can_share(step: Step) -> bool:
    """True when the step can share an ffmpeg process with others."""
    return (
        step.params.takes_frames
        and len(step.uses) == 1
        and step.uses[0] == Use(step=step.uses[0].step)
        and not step.is_bundle
        and not step.params.ignored_phases  # its errors would be the others' too
    )


def _node(members: list[Step], filters: Mapping[str, Step]) -> Node:
    before = _filters_before(members, filters)
    names = {step.name for step in (*members, *before)}
    uses = dict.fromkeys(use for step in (*before, *members) for use in step.uses if use.step not in names)
    first = members[0]
    return Node(
        name="+".join(step.name for step in members),
        steps=tuple(members),
        uses=tuple(uses),
        filters=before,
        is_bundle=first.is_bundle,
        group_by_original=first.group_by_original,
        passes_through=first.params.passes_through,
        is_import=first.params.is_import,
    )


def _filters_before(members: Iterable[Step], filters: Mapping[str, Step]) -> tuple[Step, ...]:
    """The filters that lead to these steps, each after the one it uses. filters: in reversed order."""
    before: set[str] = set()
    sources = [use.step for step in members for use in step.uses]
    while sources:
        name = sources.pop()
        if name in filters:
            before.add(name)
            sources.append(filters[name].uses[0].step)
    return tuple(step for step in reversed(list(filters.values())) if step.name in before)


def _in_order(steps: Mapping[str, Step]) -> list[Step]:
    """The steps that make something, each after those it uses."""
    uses = {name: [use.step for use in step.uses] for name, step in steps.items() if name != ORIGINAL_STEP}
    return [steps[name] for name in dependency_order(uses)]


def _nodes_in_order(nodes: Iterable[Node]) -> list[Node]:
    """The nodes, each after those whose files it uses."""
    # By their first steps, which are in no other node: two nodes could have the same name.
    by_step = {node.steps[0].name: node for node in nodes}
    node_of = {step.name: first for first, node in by_step.items() for step in node.steps}
    uses = {
        first: [node_of[use.step] for use in node.uses if use.step in node_of]
        for first, node in by_step.items()
    }
    return [by_step[first] for first in dependency_order(uses)]
