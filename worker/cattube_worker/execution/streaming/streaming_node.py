"""The node of a plan that can run before its file is whole. Pure."""

from __future__ import annotations

from cattube_worker.instructions.assembly_file import ORIGINAL_STEP
from cattube_worker.instructions.plan import Node, Plan
from cattube_worker.instructions.steps import Step
from cattube_worker.instructions.variables import has_variables


def streaming_node(plan: Plan, *, fieldname: str) -> Node | None:
    """The first node that needs no fact about the whole of an upload of that field.

    Stills alone are no reason to begin: they are quick afterwards, when reading can jump to them. A batch
    node does not begin early, and a filter is asked about the file as it was probed.
    """
    for node in plan.nodes:
        has_video = any(step.params.is_watchable for step in node.steps)
        if has_video and _takes(node, fieldname) and all(map(_is_ready, node.steps)):
            return node
    return None


def _takes(node: Node, fieldname: str) -> bool:
    uploads = [use for use in node.uses if use.step == ORIGINAL_STEP and use.role is None]
    is_plain = not (node.is_bundle or node.is_batch or node.filters)
    return is_plain and any(not use.fields or fieldname in use.fields for use in uploads)


def _is_ready(step: Step) -> bool:
    """Check that the step needs no variables: they may stand for anything about the file."""
    robot = step.params
    own = {key: value for key, value in step.raw.items() if key not in robot.own_variables}
    return robot.takes_frames and not has_variables(own)
