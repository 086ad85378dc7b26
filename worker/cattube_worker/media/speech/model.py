"""The model of speech recognition, and the packages that run it: both are optional."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from cattube_worker.media.errors import ToolsMissing

PACKAGE = "faster_whisper"
# Without this file there is no model, whatever else lies in the folder.
_WEIGHTS = "model.bin"


class SpeechModelMissing(ToolsMissing):
    """This machine cannot recognise speech. Another one may."""


@cache
def package_folders() -> tuple[Path, ...]:
    """Folders in which packages are installed; none where the one that recognises speech is not."""
    if importlib.util.find_spec(PACKAGE) is None:
        return ()
    folders = (Path(entry).resolve() for entry in sys.path if entry)
    return tuple(folder for folder in folders if folder.name in {"site-packages", "dist-packages"})


@dataclass(frozen=True, kw_only=True)
class SpeechModel:
    """A model of Whisper in the form that CTranslate2 reads.

    name: of a model, as faster-whisper knows it, or the path of a folder with one. folder: has those that
    were fetched by their names. may_fetch: one that is not there may be. packages: where what runs it is.
    """

    name: str
    folder: Path
    may_fetch: bool = False
    packages: Sequence[Path] = field(default_factory=package_folders)

    @property
    def has_path(self) -> bool:
        """True when it is named by its place, and never fetched."""
        return "/" in self.name

    @property
    def path(self) -> Path:
        """Where it lies, or would; absolute, as the sandbox has another working folder."""
        return Path(self.name).resolve() if self.has_path else self.folder / self.name

    @property
    def is_there(self) -> bool:
        return (self.path / _WEIGHTS).is_file()

    @property
    def size_bytes(self) -> int:
        """Size of the weights, once they are there."""
        return (self.path / _WEIGHTS).stat().st_size

    @property
    def short_name(self) -> str:
        """Its name for people, who need not know where it lies."""
        return self.path.name

    @property
    def files(self) -> list[Path]:
        """All that has to be read: its folder may hold links to files elsewhere."""
        return [self.path, *(path.resolve() for path in sorted(self.path.iterdir()) if path.is_symlink())]

    def check(self) -> None:
        """Check that speech can be recognised with it, if need be once it is fetched.

        Raises SpeechModelMissing with what to do.
        """
        if not self.packages:
            raise SpeechModelMissing(
                "Speech is not recognised here: run pip install -r requirements/captions.txt, or start with "
                "make run CAPTIONS=auto."
            )
        if self.is_there:
            return
        if self.has_path:
            raise SpeechModelMissing(
                f'Speech is not recognised here: the folder "{self.short_name}" of CAPTIONS_MODEL holds no '
                f"{_WEIGHTS}."
            )
        if not self.may_fetch:
            raise SpeechModelMissing(
                f'Speech is not recognised here: there is no model "{self.name}". '
                "Set CAPTIONS_DOWNLOAD=true, or CAPTIONS_MODEL to the path of a folder with one."
            )
