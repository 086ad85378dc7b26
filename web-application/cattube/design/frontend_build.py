"""Building the scripts and styles when they are not there yet."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from django_vite.core.asset_loader import DjangoViteAssetLoader

NO_NODE = (
    "The front end is not built and there is no Node here: pages work, but have no looks and cannot upload. "
    "Install Node 20.19 or newer, or run `make build` once, then start again."
)
BUILDING = "Building the front end, this once…"


def build_if_missing(folder: Path, say: Callable[[str], None]) -> None:
    """Build the front end in `folder` unless that was done; never stops the command it stands before.

    say: takes one sentence for the person at the terminal.
    """
    if (folder / "dist" / "manifest.json").exists():
        return
    npm = shutil.which("npm")
    if npm is None:
        say(NO_NODE)
        return
    say(BUILDING)
    try:
        if not (folder / "node_modules").is_dir():
            _run([npm, "ci", "--silent"], folder)
        _run([npm, "run", "--silent", "build"], folder)
    except (OSError, subprocess.CalledProcessError) as error:
        say(f"The front end could not be built, so pages have no looks ({error}).")
        return
    # django-vite read the manifest when Django started, before there was one.
    DjangoViteAssetLoader._instance = None


def _run(argv: list[str], folder: Path) -> None:
    subprocess.run(argv, cwd=folder, check=True, stdin=subprocess.DEVNULL)
