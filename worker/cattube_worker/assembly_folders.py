"""Names on disk for what belongs to an assembly, which do not tell its id.

Every user of a machine may read the arguments of all programs, and the id is the permission to read and to
cancel an assembly (W55). Ids have 128 random bits, so a digest tells nothing of them.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

# One is enough, unless something appears in the folder meanwhile.
_REMOVALS = 3


def folder_name(assembly_id: str) -> str:
    """Name of the assembly's folder, the same in every root and after every start."""
    return hashlib.sha256(assembly_id.encode()).hexdigest()[:32]


def names_of(assembly_id: str) -> tuple[str, str]:
    """Names that its folder may have: the present one, and the id, as earlier versions had it."""
    return folder_name(assembly_id), assembly_id


def remove_folder(root: Path, assembly_id: str) -> None:
    """Remove the assembly's folder below `root`, under whatever name it was made."""
    for name in names_of(assembly_id):
        remove_tree(root / name)


def remove_tree(folder: Path) -> None:
    """Remove a folder, also one into which a request puts a file at this moment (joined_segment.py).

    shutil.rmtree leaves a folder in which something appears after it has looked.
    """
    for _ in range(_REMOVALS):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
