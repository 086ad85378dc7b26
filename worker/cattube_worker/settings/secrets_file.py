"""Secrets that both rooms share, generated at the first start.

The file is dotenv text with mode 0600. The room that starts first creates it: a complete temporary file is
linked into place. The link fails when the other room was quicker, and then its values count.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from dotenv import dotenv_values

from cattube_worker.settings.sources import read_dotenv

GENERATED: Mapping[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "TRANSLOADIT_KEY": lambda: secrets.token_hex(16),
    "TRANSLOADIT_SECRET": lambda: secrets.token_hex(20),
    "VIDEOS_TOKEN": lambda: secrets.token_hex(32),
}


def read_or_create(path: Path) -> Mapping[str, str]:
    """The values of all in GENERATED, and whatever else the file at `path` holds."""
    if not path.exists():
        _create(path)
    if not GENERATED.keys() <= dotenv_values(path).keys():
        _complete(path)
    return read_dotenv(path)


def _create(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = "".join(f"{name}={generate()}\n" for name, generate in GENERATED.items())
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass  # The other room created it in the meantime; its values are the ones to use.
    finally:
        draft.unlink(missing_ok=True)


def _complete(path: Path) -> None:
    """Add what an older version did not generate; the other room may be doing the same."""
    with path.open("r+", encoding="utf-8") as text:
        fcntl.flock(text, fcntl.LOCK_EX)
        known = dotenv_values(stream=text)
        text.writelines(
            f"\n{name}={generate()}\n" for name, generate in GENERATED.items() if name not in known
        )
