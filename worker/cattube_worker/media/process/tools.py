"""Tools of this machine: ffmpeg, ffprobe, and the sandbox that works here."""

from __future__ import annotations

import logging
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from cattube_worker.errors import AssemblyError
from cattube_worker.media.errors import ToolsMissing
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.run import run
from cattube_worker.media.process.sandbox import Sandbox

log = logging.getLogger(__name__)

# -fps_mode came with 5.1; -vsync, its older name, is gone in later releases.
OLDEST_VERSION = (5, 1)


@dataclass(frozen=True, kw_only=True)
class Tools:
    """Programs for work on media.

    ffprobe: None where only ffmpeg is there; probing then reads what `ffmpeg -i` prints.
    sandbox: "bwrap" cuts ffmpeg off from the network and all foreign files; "rlimits" limits what it uses.
    """

    ffmpeg: Path
    ffprobe: Path | None
    version: str
    sandbox: Sandbox


def find_tools(search_path: str | None = None) -> Tools:
    """Tools on PATH (or on `search_path`), else ffmpeg from the imageio-ffmpeg wheel.

    Logs which layer of the sandbox is in force. Raises ToolsMissing.
    """
    on_path = shutil.which("ffmpeg", path=search_path)
    ffmpeg = Path(on_path).resolve() if on_path else _from_wheel()
    # Only the one beside it: another release's could see a file differently.
    ffprobe = shutil.which("ffprobe", path=str(Path(on_path).parent)) if on_path else None
    tools = Tools(
        ffmpeg=ffmpeg,
        ffprobe=Path(ffprobe).resolve() if ffprobe else None,
        version=_checked_version(_reported_version(ffmpeg, sandbox="rlimits"), ffmpeg),
        sandbox="bwrap" if _works_in_bubblewrap(ffmpeg) else "rlimits",
    )
    log.info("ffmpeg %s at %s, sandboxed with %s", tools.version, tools.ffmpeg, tools.sandbox)
    if tools.sandbox == "rlimits":
        log.warning("bubblewrap does not work here: ffmpeg is limited but can reach network and files")
    return tools


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


def _works_in_bubblewrap(ffmpeg: Path) -> bool:
    """Tell if bubblewrap works, by a try: containers and some systems forbid the namespaces it needs."""
    return shutil.which("bwrap") is not None and bool(_reported_version(ffmpeg, sandbox="bwrap"))
