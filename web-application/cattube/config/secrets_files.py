"""Secrets made at first start: those of the site alone, and those that it shares with the engine.

Each is a line `NAME=value` in a file of the state folder that only its owner can read.
"""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from dotenv import dotenv_values

Generators = Mapping[str, Callable[[], str]]

# Site and engine both know these names; whichever starts first makes them.
SHARED: Generators = {
    "TRANSLOADIT_KEY": lambda: secrets.token_hex(16),
    "TRANSLOADIT_SECRET": lambda: secrets.token_hex(32),
    "VIDEOS_TOKEN": lambda: secrets.token_hex(32),
}
# Nobody else has a use for them: they sign sessions and links.
OWN: Generators = {"SECRET_KEY": lambda: secrets.token_urlsafe(48)}
SHARED_FILE, OWN_FILE = "secrets.env", "site-secrets.env"


def read_secrets(folder: Path) -> dict[str, str]:
    """Secrets in the state folder, made and kept (mode 0600) when there are none.

    An older version kept all of them in the shared file. Those of the site are moved, and stay what they are.
    """
    own, shared = folder / OWN_FILE, folder / SHARED_FILE
    if not own.exists():
        until_now = {name: _constant(value) for name, value in _read(shared).items() if name in OWN}
        _create(own, {**OWN, **until_now})
    if not shared.exists():
        _create(shared, SHARED)
    if not SHARED.keys() <= _read(shared).keys() or OWN.keys() & _read(shared).keys():
        _bring_up_to_date(shared)
    return _read(shared) | _read(own)


def _read(file: Path) -> dict[str, str]:
    return {name: value for name, value in dotenv_values(file).items() if value}


def _constant(value: str) -> Callable[[], str]:
    return lambda: value


def _create(file: Path, generators: Generators) -> None:
    """Make the file, unless another process is quicker: a finished one is linked into place."""
    draft = _draft(file, "".join(f"{name}={generate()}\n" for name, generate in generators.items()))
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _bring_up_to_date(file: Path) -> None:
    """Add secrets that an older version did not make, and take out those that are the site's alone."""
    with _locked(file) as text:
        lines = text.read().splitlines()
        kept = [line for line in lines if line.partition("=")[0].strip() not in OWN]
        missing = SHARED.keys() - _read(file).keys()
        added = [f"{name}={generate()}" for name, generate in SHARED.items() if name in missing]
        if kept != lines or added:
            _draft(file, "".join(f"{line}\n" for line in kept + added)).replace(file)


@contextmanager
def _locked(file: Path) -> Iterator[IO[str]]:
    """The file, which no other process of either room changes meanwhile."""
    while True:
        with file.open(encoding="utf-8") as text:
            fcntl.flock(text, fcntl.LOCK_EX)
            # Whoever had the lock before may have put another file into its place.
            if os.fstat(text.fileno()).st_ino == file.stat().st_ino:
                yield text
                return


def _draft(file: Path, content: str) -> Path:
    """A finished file beside `file`, to be put into its place."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as text:
        text.write(content)
        text.flush()
        os.fsync(text.fileno())
    return draft
