"""Build of the scripts and styles when they are missing."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

NO_NODE = (
    "The front end is not built and there is no Node here: pages work, but have no looks and cannot upload. "
    "Install Node 20.19 or newer, or run `make build` once, then start again."
)
BUILDING = "Building the front end, this once…"


def build_if_missing(folder: Path, say: Callable[[str], None]) -> bool:
    """Build the front end in `folder` unless it is built. True when it was built now.

    A build that fails stops nothing: pages work without it. say: prints one sentence at the terminal.
    """
    manifest = folder / "dist" / "manifest.json"
    if manifest.exists():
        return False
    npm = shutil.which("npm")
    if npm is None:
        say(NO_NODE)
        return False
    say(BUILDING)
    try:
        if not (folder / "node_modules").is_dir():
            _run([npm, "ci", "--silent"], folder)
        _run([npm, "run", "--silent", "build"], folder)
    except (OSError, subprocess.CalledProcessError) as error:
        say(f"The front end could not be built, so pages have no looks ({error}).")
        return False
    return manifest.exists()


def _run(argv: list[str], folder: Path) -> None:
    subprocess.run(argv, cwd=folder, check=True, stdin=subprocess.DEVNULL)
