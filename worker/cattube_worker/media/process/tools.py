"""Tools of this machine: ffmpeg, ffprobe, and the layers of the sandbox that work here."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cattube_worker.errors import AssemblyError
from cattube_worker.media.errors import SandboxMissing, ToolsMissing
from cattube_worker.media.process.fence.sandbox import LAYERS, ONLY_LIMITS, Sandbox, is_available
from cattube_worker.media.process.fence.walls import IN_WORDS, Wall, open_walls
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.run import run

# -fps_mode came with 5.1; -vsync, its older name, is gone in later releases.
OLDEST_VERSION = (5, 1)


@dataclass(frozen=True, kw_only=True)
class Tools:
    """Programs for work on media.

    ffprobe: None where only ffmpeg is there; probing then reads what `ffmpeg -i` prints.
    sandbox: the layers that work here. open_walls: what a program in it could do all the same, as was tried.
    """

    ffmpeg: Path
    ffprobe: Path | None
    version: str
    sandbox: Sandbox
    open_walls: tuple[Wall, ...] = ()

    @property
    def layers(self) -> tuple[str, ...]:
        """All that is in force, for people."""
        return (*self.sandbox, "rlimits")


def find_tools(search_path: str | None = None, *, state_folder: Path | None = None) -> Tools:
    """Tools on PATH (or on `search_path`), else ffmpeg from the imageio-ffmpeg wheel.

    state_folder: what the sandbox has to keep from them, which is tried. Raises ToolsMissing.
    """
    on_path = shutil.which("ffmpeg", path=search_path)
    ffmpeg = Path(on_path).resolve() if on_path else _from_wheel()
    # Only the one beside it: another release's could see a file differently.
    ffprobe = shutil.which("ffprobe", path=str(Path(on_path).parent)) if on_path else None
    version = _checked_version(_reported_version(ffmpeg, sandbox=ONLY_LIMITS), ffmpeg)
    sandbox = _sandbox_of(ffmpeg)
    return Tools(
        ffmpeg=ffmpeg,
        ffprobe=Path(ffprobe).resolve() if ffprobe else None,
        version=version,
        sandbox=sandbox,
        open_walls=open_walls(sandbox, folder=state_folder),
    )


def check_sandbox(tools: Tools) -> None:
    """Check that every wall of the sandbox holds. Raises SandboxMissing."""
    if tools.open_walls:
        *others, last = [IN_WORDS[wall] for wall in tools.open_walls]
        dangers = f"{', '.join(others)} and {last}" if others else last
        raise SandboxMissing(
            f"ffmpeg is not fenced in on this machine (in force: {', '.join(tools.layers)}): a hostile video "
            f"could make it {dangers}. Use a Linux with Landlock and seccomp, or install bubblewrap."
        )


def _from_wheel() -> Path:
    try:
        import imageio_ffmpeg

        return Path(imageio_ffmpeg.get_ffmpeg_exe()).resolve()
    except (ImportError, RuntimeError) as error:
        raise ToolsMissing(
            "There is no ffmpeg: install the package ffmpeg, or pip install imageio-ffmpeg."
        ) from error


def _reported_version(ffmpeg: Path, *, sandbox: Sandbox) -> str:
    """Version that `ffmpeg -version` reports; "" when it does not start."""
    try:
        result = run(ffmpeg, ["-version"], sandbox=sandbox, limits=Limits(), timeout_seconds=30)
    except AssemblyError:
        return ""
    match = re.match(r"ffmpeg version (\S+)", result.output.decode("utf-8", "replace"))
    return match[1] if result.exit_code == 0 and match else ""


def _checked_version(version: str, ffmpeg: Path) -> str:
    if not version:
        raise ToolsMissing(f"{ffmpeg} does not start: install ffmpeg again.")
    # A build from git has no number in front ("N-1234-g…"): it is newer than any release we refuse.
    number = re.match(r"n?(\d+)\.(\d+)", version)
    if number and (int(number[1]), int(number[2])) < OLDEST_VERSION:
        raise ToolsMissing(f"ffmpeg {version} is too old: install 5.1 or newer.")
    return version


@cache
def _sandbox_of(ffmpeg: Path) -> Sandbox:
    """Layers in which ffmpeg starts, each by a try: containers and some systems forbid what one needs."""
    sandbox = ONLY_LIMITS
    for layer in LAYERS:
        more: Sandbox = (*sandbox, layer)
        if is_available(layer) and _reported_version(ffmpeg, sandbox=more):
            sandbox = more
    return sandbox
