"""Folder that holds all state."""

import contextlib
import os
from pathlib import Path


def prepare(folder: Path) -> None:
    """Make the folder and the database file, both for this user alone, and the folder for static files."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        # One that was there already. Where it is another user's, the engine says so in the log.
        with contextlib.suppress(PermissionError):
            folder.chmod(0o700)
    (folder / "static").mkdir(exist_ok=True)
    # SQLite gives its journal files the mode of the database.
    os.close(os.open(folder / "web.sqlite3", os.O_CREAT | os.O_RDWR, 0o600))
