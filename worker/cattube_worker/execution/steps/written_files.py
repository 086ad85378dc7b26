"""Files that one ffmpeg process wrote for the steps of a node, and the checks of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from cattube_worker.execution.steps.frames import PlannedStep
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.media.encode.length import check_length
from cattube_worker.media.errors import CommandFailed, InvalidInput
from cattube_worker.media.file_facts import FileFacts
from cattube_worker.media.inspect.broken_off import breaks_off
from cattube_worker.media.length_in_words import length_in_words
from cattube_worker.media.workspace import Workspace

# A file whose video ends earlier than it says by more than this was cut off on its way.
_TOLERANCE_SECONDS = 0.5


@dataclass(frozen=True, kw_only=True)
class WrittenFile:
    """One file that came out. index, count: its place among those of its step."""

    planned: PlannedStep
    path: Path
    index: int
    count: int
    facts: FileFacts


def read_back(
    planned: Sequence[PlannedStep], paths: Mapping[str, Sequence[Path]], workspace: Workspace
) -> list[WrittenFile]:
    def describe(path: Path) -> FileFacts:
        return workspace.describe(path, name=path.name)

    # Two at a time: reading a file back is the start of a process, which is mostly waiting.
    with ThreadPoolExecutor(max_workers=2) as pool:
        facts = {path: pool.submit(describe, path) for of_step in paths.values() for path in of_step}
    return [
        WrittenFile(planned=item, path=path, index=index, count=len(of_step), facts=facts[path].result())
        for item in planned
        for of_step in [paths[item.step.name]]
        for index, path in enumerate(of_step)
    ]


def check_written(planned: Sequence[PlannedStep], written_files: Sequence[WrittenFile], name: str) -> None:
    """Believe the files, not ffmpeg's exit code: it is 0 even when the input broke off in the middle."""
    for file in written_files:
        step = file.planned.step.name
        if not file.facts.meta.get("width"):
            raise CommandFailed(f'What the step "{step}" made of "{name}" has no picture.')
    silent = {item.step.name for item in planned} - {file.planned.step.name for file in written_files}
    if silent:
        raise CommandFailed(f'The step "{min(silent)}" made nothing of "{name}".')


def check_step_length(planned: PlannedStep, files: Sequence[WrittenFile], name: str) -> None:
    """Check that all files of a step together are as long as they must be. Raises InvalidInput."""
    lengths = [file for file in files if file.planned is planned]
    if lengths and planned.branch.output.stills_at_seconds is None:
        check_length(
            _seconds(planned, files),
            expected_seconds=planned.branch.output.expected_seconds,
            tolerance_seconds=_TOLERANCE_SECONDS,
            name=name,
        )


def tell_early_end(
    planned: Sequence[PlannedStep], files: Sequence[WrittenFile], source: AssemblyFile, workspace: Workspace
) -> None:
    """Warn where a recording broke off: what there is of it counts. Raises InvalidInput where that is nil."""
    name = source.name
    for item in planned:
        try:
            check_step_length(item, files, name)
        except InvalidInput:
            seconds, expected = _seconds(item, files), item.branch.output.expected_seconds
            if not seconds:
                raise
            workspace.warn(
                f'"{name}" ends early: only {seconds:.0f} of its {expected:.0f} seconds could be read.'
            )
            return
    videos = [item for item in planned if item.branch.output.is_whole_video]
    if videos and source.path is not None and breaks_off(source.path):
        seconds = max(_seconds(item, files) for item in videos)
        workspace.warn(f'"{name}" ends early: it breaks off after {length_in_words(seconds)}.')


def _seconds(planned: PlannedStep, files: Sequence[WrittenFile]) -> float:
    """Seconds of all files of a step together."""
    return sum(float(file.facts.meta.get("duration") or 0) for file in files if file.planned is planned)
