"""Sprite sheets: a step of stills and the step that merges them become one step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cattube_worker.instructions.steps import Step, Use
from cattube_worker.instructions.variables import has_variables


def with_sprite_sheets(steps: Mapping[str, Step]) -> dict[str, Step]:
    """The steps, where each sprite sheet is made of the video's frames, without stills in between.

    The step of the stills is left out: nothing else uses its files.
    """
    merged = dict(steps)
    for step in steps.values():
        stills = _stills_of(step, steps)
        sheet = _sheet(stills, step) if stills is not None else None
        if stills is not None and sheet is not None:
            del merged[stills.name]
            merged[step.name] = sheet
    return merged


def _stills_of(step: Step, steps: Mapping[str, Step]) -> Step | None:
    """The step whose images, all of one video, only this step uses, and which uses nothing else."""
    if not step.group_by_original or len(step.uses) != 1:
        return None
    stills = steps[step.uses[0].step]
    followers = [other for other in steps.values() if any(use.step == stills.name for use in other.uses)]
    is_alone = len(followers) == 1 and _is_plain(step.uses)
    return stills if is_alone and _is_plain(stills.uses) and not stills.is_bundle else None


def _is_plain(uses: Sequence[Use]) -> bool:
    """True when all files of one step are used, in no role."""
    return len(uses) == 1 and uses[0] == Use(step=uses[0].step)


def _sheet(stills: Step, merge: Step) -> Step | None:
    if has_variables(stills.raw) or has_variables(merge.raw):
        return None
    robot = merge.params.instead_of(stills.params, stills_step=stills.name)
    if robot is None:
        return None
    return replace(merge, params=robot, uses=stills.uses, is_bundle=False, group_by_original=False)
