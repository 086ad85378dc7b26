"""The secrets both rooms share, made at the first start.

The file is dotenv text with mode 0600. Whichever room starts first makes it: a complete temporary file is
linked into place, which fails when the other room was quicker, and then the winner's values count.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values


def read_or_create(path: Path) -> Mapping[str, str]:
    """The values of SECRET_KEY, TRANSLOADIT_KEY and TRANSLOADIT_SECRET in the file at `path`."""
    if not path.exists():
        _create(path)
    return {name: value for name, value in dotenv_values(path).items() if value is not None}


def _create(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = (
        f"SECRET_KEY={secrets.token_urlsafe(48)}\n"
        f"TRANSLOADIT_KEY={secrets.token_hex(16)}\n"
        f"TRANSLOADIT_SECRET={secrets.token_hex(20)}\n"
    )
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass  # The other room made it in the meantime; its values are the ones to use.
    finally:
        draft.unlink(missing_ok=True)
