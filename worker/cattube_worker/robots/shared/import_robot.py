"""What the robots share that bring files in from elsewhere."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from cattube_worker.errors import AssemblyError
from cattube_worker.robots.shared.base import Robot
from cattube_worker.storage import Access, AccessDenied, ObjectMissing, Store, StoreError, Stores, UnsafeKey


def one_or_several(value: Any) -> Any:
    """A list, also where one value was written."""
    return [value] if isinstance(value, str) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(one_or_several)]


class TooMany(AssemblyError):
    """A step would bring more files than its assembly may have."""

    code, status = "MAX_NUMBER_OF_FILES_EXCEEDED", 400


@dataclass(frozen=True, kw_only=True)
class ImportContext:
    """Where files come in, and from where they may.

    folder: for what arrives. max_bytes: of one file. max_files: of one step.
    stop: once set, what is under way is given up.
    """

    folder: Path
    stores: Stores
    trusted_hosts: Collection[str]
    max_bytes: int
    max_files: int
    report: Callable[[float], None]
    stop: Event


@dataclass(frozen=True, kw_only=True)
class ImportedFile:
    """One file that came. name: as its source calls it. folder: its place there, "/" for none."""

    path: Path
    name: str
    folder: str = "/"
    import_url: str | None = None


class ImportRobot(Robot):
    """A robot without inputs: what it brings counts as original files.

    Source: Transloadit's `robots/_instructions-primitives`, "robotImport".
    """

    force_name: Annotated[tuple[str, ...] | None, BeforeValidator(one_or_several)] = None
    import_on_errors: tuple[Literal["meta"], ...] = ()
    # Files that would be fetched only when needed; here they always are.
    return_file_stubs: bool = False

    @abstractmethod
    def fetch(self, import_context: ImportContext) -> Iterator[ImportedFile]:
        """The files, one after the other, each in `gate.folder`. Raises AssemblyError."""

    def name_of(self, imported_file: ImportedFile, index: int) -> str:
        """What the `index`th file is to be called."""
        names = self.force_name or ()
        return names[index] if index < len(names) and names[index] else imported_file.name


class StoreImport(ImportRobot):
    """A robot that brings objects out of a store, by their keys or by the folder they lie in."""

    credentials: str | None = None
    path: Annotated[Texts, Field(min_length=1)]
    recursive: bool = False
    files_per_page: int = Field(1000, ge=1, le=10_000)

    @property
    def given(self) -> Access | None:
        """The access to a store that the step itself describes, if it does."""
        return None

    @abstractmethod
    def page(self, keys: list[str]) -> list[str]:
        """Those of the `keys` of a folder that this step asks for. Pure."""

    def cut(self, path: Path, import_context: ImportContext) -> None:
        """Leave of a file that came what the step wants of it. Raises AssemblyError."""

    def fetch(self, import_context: ImportContext) -> Iterator[ImportedFile]:
        try:
            store = import_context.stores.of_step(self.credentials, self.given)
            keys = [key for path in self.path for key in self._keys(store, path)]
            if len(keys) > import_context.max_files:
                raise TooMany(f"{len(keys)} files are more than the {import_context.max_files} allowed.")
            for index, key in enumerate(keys):
                imported_file = _brought(store, key, import_context, index)
                self.cut(imported_file.path, import_context)
                yield imported_file
                import_context.report((index + 1) / len(keys))
        except StoreError as error:
            code = self.name.strip("/").replace("/", "_").upper() + _ending(error)
            raise AssemblyError(str(error), code=code, retryable=error.retryable) from error

    def _keys(self, store: Store, path: str) -> list[str]:
        if not path.endswith("/"):
            return [path]
        keys = self.page(sorted(store.keys(path.strip("/"), recursive=self.recursive)))
        if not keys:
            raise ObjectMissing(f'There is nothing in the folder "{path}".')
        return keys


def _brought(store: Store, key: str, import_context: ImportContext, index: int) -> ImportedFile:
    target = import_context.folder / f"import-{index}"
    store.fetch(key, target)
    if target.stat().st_size > import_context.max_bytes:
        target.unlink()
        raise AssemblyError(
            f'"{key}" is larger than {import_context.max_bytes} bytes.', code="MAX_SIZE_EXCEEDED"
        )
    folder, _, name = key.rpartition("/")
    return ImportedFile(path=target, name=name, folder=f"/{folder}/" if folder else "/")


def _ending(error: StoreError) -> str:
    """The end of Transloadit's code for what went wrong."""
    if isinstance(error, ObjectMissing):
        return "_NOT_FOUND"
    if isinstance(error, AccessDenied):
        return "_ACCESS_DENIED"
    return "_VALIDATION" if isinstance(error, UnsafeKey) else "_FAILURE"
