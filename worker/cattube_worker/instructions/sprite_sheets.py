"""Stills that are made for one sheet alone: their step and that of the sheet become one. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cattube_worker.instructions.steps import Step, Use
from cattube_worker.instructions.variables import has_variables
from cattube_worker.robots.image_merge import ImageMerge
from cattube_worker.robots.video_sprite_sheet import VideoSpriteSheet
from cattube_worker.robots.video_thumbs import VideoThumbs


def with_sprite_sheets(steps: Mapping[str, Step]) -> dict[str, Step]:
    """The steps, where each sheet takes its pictures from the video without stills in between.

    The step of the stills is then left out: its files would be seen by nobody.
    """
    found = dict(steps)
    for step in steps.values():
        stills = _stills_of(step, steps)
        sheet = _sheet(stills, step) if stills is not None else None
        if stills is not None and sheet is not None:
            del found[stills.name]
            found[step.name] = sheet
    return found


def _stills_of(step: Step, steps: Mapping[str, Step]) -> Step | None:
    """The step whose pictures, all of one video, are all that this one uses, and which nobody else uses."""
    if not step.group_by_original or len(step.uses) != 1:
        return None
    stills = steps[step.uses[0].step]
    followers = [each for each in steps.values() if any(use.step == stills.name for use in each.uses)]
    is_alone = len(followers) == 1 and _is_plain(step.uses)
    return stills if is_alone and _is_plain(stills.uses) and not stills.is_bundle else None


def _is_plain(uses: Sequence[Use]) -> bool:
    """Whether all files of one step are used, in no role."""
    return len(uses) == 1 and uses[0] == Use(step=uses[0].step)


def _sheet(stills: Step, merge: Step) -> Step | None:
    if has_variables(stills.raw) or has_variables(merge.raw):
        return None
    if not (isinstance(stills.params, VideoThumbs) and isinstance(merge.params, ImageMerge)):
        return None
    robot = VideoSpriteSheet.of(stills.params, merge.params, of_step=stills.name)
    if robot is None:
        return None
    return replace(merge, params=robot, uses=stills.uses, is_bundle=False, group_by_original=False)
