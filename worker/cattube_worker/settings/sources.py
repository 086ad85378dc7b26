"""Texts of settings, from wherever an operator may put them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path

from dotenv import dotenv_values


class SettingsError(Exception):
    """A setting is missing or cannot be read; the message names it."""


def read_texts(
    environ: Mapping[str, str], room: Path, *, allowed_in_config: Collection[str]
) -> dict[str, str]:
    """The texts in the environment, else in `.env`, else in `config.json`, by name.

    Raises SettingsError when `config.json` cannot be read or holds another name than those allowed.
    """
    config = _read_config(room / "config.json", allowed_in_config)
    return {**config, **read_dotenv(room / ".env"), **environ}


def read_dotenv(path: Path) -> dict[str, str]:
    """The texts in a dotenv file; a name without a value is left out."""
    return {name: value for name, value in dotenv_values(path).items() if value is not None}


def as_text(value: object) -> str:
    """A value as an operator writes it."""
    if isinstance(value, tuple):
        return ",".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read_config(path: Path, allowed: Collection[str]) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        content = json.loads(path.read_text())
    except ValueError as error:
        raise SettingsError(f"{path.name}: not valid JSON ({error})") from error
    if not isinstance(content, dict):
        raise SettingsError(f"{path.name}: expected an object of settings")
    unknown = content.keys() - set(allowed)
    if unknown:
        raise SettingsError(f"{path.name}: unknown setting {min(unknown)}")
    return {name: as_text(value) for name, value in content.items()}
