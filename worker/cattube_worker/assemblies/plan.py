"""From a graph of steps to as few jobs as possible."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cattube_worker.assemblies.file import ORIGINAL_STEP
from cattube_worker.assemblies.steps import Step, Use
from cattube_worker.assemblies.variables import expressions_in
from cattube_worker.robots import ImportRobot, MediaRobot, StoreRobot
from cattube_worker.robots.base import Phase
from cattube_worker.robots.video_encode import VideoEncode

_FILE = re.compile(r"\bfile\b")
_Key = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Node:
    """One step, or several that one ffmpeg process makes together from the same input.

    steps: in the order they use each other. uses: what the node takes from other nodes.
    """

    name: str
    steps: tuple[Step, ...]
    uses: tuple[Use, ...]
    is_bundle: bool = False
    group_by_original: bool = False
    passes_through: bool = False  # a store step: hands on the entries it was given
    is_import: bool = False  # has no inputs: it runs once

    @property
    def phase(self) -> Phase:
        """What the node's work is called in "ignore_errors"."""
        return "import" if self.is_import else "execute"

    @property
    def may_fail(self) -> bool:
        """Whether an error must not end the assembly."""
        return all(self.phase in step.params.ignored_phases for step in self.steps)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The nodes in an order in which each comes after those it uses."""

    nodes: tuple[Node, ...]

    def node_of(self, step: str) -> Node | None:
        """The node that runs `step`; None for uploads, which no job makes."""
        return next((node for node in self.nodes if any(each.name == step for each in node.steps)), None)

    def node(self, name: str) -> Node:
        """The node of that name. Raises KeyError."""
        for node in self.nodes:
            if node.name == name:
                return node
        raise KeyError(name)


def compile_plan(steps: Mapping[str, Step], *, may_fuse: bool = True) -> Plan:
    """The plan of these steps, as `read_steps` gave them.

    Media steps that go back to the same files become one node: the video is decoded once, and a step that
    uses another step's file takes its frames instead, one generation of loss and not two.
    """
    groups: dict[_Key, list[Step]] = {}
    group_of: dict[str, _Key] = {}
    for step in _in_order(steps):
        key = _group_to_join(step, steps, group_of) if may_fuse else None
        if key is None:
            # Files of the same source meet in one group, whichever step opens it.
            key = ("files of", step.uses[0].step) if may_fuse and _can_share(step) else ("", step.name)
        groups.setdefault(key, []).append(step)
        group_of[step.name] = key
    return Plan(nodes=tuple(_nodes_in_order(_node(members) for members in groups.values())))


def _group_to_join(step: Step, steps: Mapping[str, Step], group_of: Mapping[str, _Key]) -> _Key | None:
    """The group whose frames this step can take, when it uses one of its steps."""
    if not _can_share(step):
        return None
    used = steps[step.uses[0].step]
    gives_frames = _can_share(used) and isinstance(used.params, VideoEncode) and used.params.gives_frames
    # Its own user_meta is inherited with its file, not with its frames.
    if (
        not gives_frames
        or used.params.user_meta
        or any(_FILE.search(each) for each in expressions_in(step.raw))
    ):
        return None
    return group_of[used.name]


def _can_share(step: Step) -> bool:
    """Whether the step can be one branch of a shared ffmpeg process."""
    return (
        isinstance(step.params, MediaRobot)
        and len(step.uses) == 1
        and step.uses[0] == Use(step=step.uses[0].step)
        and not step.is_bundle
        and not step.params.ignored_phases  # its errors would be the others' too
    )


def _node(members: list[Step]) -> Node:
    names = {step.name for step in members}
    uses = dict.fromkeys(use for step in members for use in step.uses if use.step not in names)
    first = members[0]
    return Node(
        name="+".join(step.name for step in members),
        steps=tuple(members),
        uses=tuple(uses),
        is_bundle=first.is_bundle,
        group_by_original=first.group_by_original,
        passes_through=isinstance(first.params, StoreRobot),
        is_import=isinstance(first.params, ImportRobot),
    )


def _in_order(steps: Mapping[str, Step]) -> list[Step]:
    """The steps that make something, each after those it uses."""
    left = {name: step for name, step in steps.items() if name != ORIGINAL_STEP}
    ordered: list[Step] = []
    while left:
        ready = [step for step in left.values() if not any(use.step in left for use in step.uses)]
        ordered += ready
        for step in ready:
            del left[step.name]
    return ordered


def _nodes_in_order(nodes: Iterable[Node]) -> list[Node]:
    left = list(nodes)
    ordered: list[Node] = []
    while left:
        missing = {step.name for node in left for step in node.steps}
        ready = [node for node in left if not any(use.step in missing for use in node.uses)]
        ordered += ready
        left = [node for node in left if node not in ready]
    return ordered
