"""File with the password of the first account, for its owner to read once: a log would keep it for ever."""

import os
from pathlib import Path

from django.conf import settings

FILE_NAME = "first-password.txt"


def write_first_password(name: str, password: str) -> Path:
    """Keep the password in the state folder, readable by its owner only. Returns the file. Raises OSError."""
    file = _file()
    file.unlink(missing_ok=True)
    handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as text:
        text.write(f"account: {name}\npassword: {password}\n")
    return file


def remove_first_password(name: str) -> None:
    """Remove the file if it is about the account `name`, whose password is another now."""
    try:
        if _file().read_text(encoding="utf-8").startswith(f"account: {name}\n"):
            _file().unlink()
    except FileNotFoundError:
        return


def _file() -> Path:
    folder: Path = settings.DATA_FOLDER
    return folder / FILE_NAME
