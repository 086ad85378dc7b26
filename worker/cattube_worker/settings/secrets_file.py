"""Secrets generated at the first start: those that both rooms share, and the engine's own.

Each file is dotenv text with mode 0600. A complete temporary file is linked into place. The link fails when
another process was quicker, and then its values count.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from dotenv import dotenv_values

from cattube_worker.settings.sources import read_dotenv

Generators = Mapping[str, Callable[[], str]]

# The site knows these names too; the room that starts first makes them.
SHARED: Generators = {
    "TRANSLOADIT_KEY": lambda: secrets.token_hex(16),
    "TRANSLOADIT_SECRET": lambda: secrets.token_hex(20),
    "VIDEOS_TOKEN": lambda: secrets.token_hex(32),
}
SHARED_FILE, OWN_FILE = "secrets.env", "engine-secrets.env"


def shared_secrets(folder: Path) -> Mapping[str, str]:
    """The values of all in SHARED, and whatever else the file of both rooms holds."""
    return _read_or_create(folder / SHARED_FILE, SHARED)


def own_secrets(folder: Path, *, first_value: str | None) -> Mapping[str, str]:
    """ENGINE_SECRET. first_value: what it begins as, when it is not there yet; None for a random one."""
    generators = {"ENGINE_SECRET": lambda: first_value or secrets.token_hex(32)}
    return _read_or_create(folder / OWN_FILE, generators)


def _read_or_create(path: Path, generators: Generators) -> Mapping[str, str]:
    if not path.exists():
        _create(path, generators)
    if not generators.keys() <= dotenv_values(path).keys():
        _complete(path, generators)
    return read_dotenv(path)


def _create(path: Path, generators: Generators) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = "".join(f"{name}={generate()}\n" for name, generate in generators.items())
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass  # Another process created it in the meantime; its values are the ones to use.
    finally:
        draft.unlink(missing_ok=True)


def _complete(path: Path, generators: Generators) -> None:
    """Add what an older version did not generate; the other room may be doing the same."""
    with _locked(path) as text:
        known = dotenv_values(stream=text)
        text.writelines(
            f"\n{name}={generate()}\n" for name, generate in generators.items() if name not in known
        )


@contextmanager
def _locked(path: Path) -> Iterator[IO[str]]:
    """The file, which no other process of either room changes meanwhile."""
    while True:
        with path.open("r+", encoding="utf-8") as text:
            fcntl.flock(text, fcntl.LOCK_EX)
            # Whoever had the lock before may have put another file into its place.
            if os.fstat(text.fileno()).st_ino == path.stat().st_ino:
                yield text
                return
