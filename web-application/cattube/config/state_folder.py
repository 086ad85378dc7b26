"""Folder that holds all state, and the secrets made at first start."""

import contextlib
import fcntl
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from dotenv import dotenv_values

# Site and engine both know these names; whichever starts first makes them.
GENERATED: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "TRANSLOADIT_KEY": lambda: secrets.token_hex(16),
    "TRANSLOADIT_SECRET": lambda: secrets.token_hex(32),
    "VIDEOS_TOKEN": lambda: secrets.token_hex(32),
}


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


def read_secrets(file: Path) -> dict[str, str]:
    """Secrets in `file`, made and kept (mode 0600) when there are none.

    Site and engine that start at once end with the same secrets: a finished file is linked into place, and
    the second process reads what the first one wrote.
    """
    if not file.exists():
        draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as text:
            text.writelines(f"{name}={make()}\n" for name, make in GENERATED.items())
            text.flush()
            os.fsync(text.fileno())
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    if not GENERATED.keys() <= dotenv_values(file).keys():
        _complete(file)
    return {name: value for name, value in dotenv_values(file).items() if value}


def _complete(file: Path) -> None:
    """Add secrets that an older version did not make; the engine may be doing the same."""
    with file.open("r+", encoding="utf-8") as text:
        fcntl.flock(text, fcntl.LOCK_EX)
        known = dotenv_values(stream=text)
        text.writelines(f"\n{name}={make()}\n" for name, make in GENERATED.items() if name not in known)
