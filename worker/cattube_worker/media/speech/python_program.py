"""Programs in Python that have packages to themselves, and nothing of the engine."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path


def python_program(program: Path, packages: Sequence[Path]) -> list[str]:
    """Arguments by which Python runs `program`, which takes the folders of its packages first."""
    return ["-I", "-S", str(program), os.pathsep.join(map(str, packages))]
