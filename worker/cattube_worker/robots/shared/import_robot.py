"""The kind of robot that brings files in from elsewhere."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from cattube_worker.errors import AssemblyError
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.shared.base import Robot
from cattube_worker.robots.shared.store_access import StoreAccess
from cattube_worker.robots.shared.values import Texts
from cattube_worker.storage import AccessDenied, ObjectMissing, Store, StoreError, UnsafeKey
from cattube_worker.storage.errors import ObjectTooLarge


class TooManyFiles(AssemblyError):
    """A step would bring more files than its assembly may have."""

    code, status = "MAX_NUMBER_OF_FILES_EXCEEDED", 400


@dataclass(frozen=True, kw_only=True)
class ImportedFile:
    """One file that came. name: as its source calls it. folder: where it lies there, "/" for none.

    shared_key: of an object with these very bytes in the store that all hosts share.
    """

    path: Path
    name: str
    folder: str = "/"
    import_url: str | None = None
    shared_key: str | None = None


class ImportRobot(Robot):
    """A robot without inputs: what it brings counts as original files.

    Source: Transloadit's `robots/_instructions-primitives`, "robotImport".
    """

    has_inputs: ClassVar[bool] = False
    is_import: ClassVar[bool] = True

    force_name: Texts | None = None
    import_on_errors: tuple[Literal["meta"], ...] = ()
    # Files that would be fetched only when needed; here they always are.
    return_file_stubs: bool = False

    @abstractmethod
    def fetch(self, workspace: Workspace) -> Iterator[ImportedFile]:
        """The files, one after the other, each in the workspace's folder. Raises AssemblyError."""

    def name_of(self, imported_file: ImportedFile, index: int) -> str:
        """The name of the `index`th file."""
        names = self.force_name or ()
        return names[index] if index < len(names) and names[index] else imported_file.name


def check_count(count: int, workspace: Workspace) -> None:
    """Raise TooManyFiles where a step would bring more than its assembly may have."""
    if count > workspace.max_files:
        raise TooManyFiles(f"{count} files are more than the {workspace.max_files} allowed.")


class StoreImportRobot(ImportRobot, StoreAccess):
    """A robot that brings objects out of a store, by their keys or by the folder they lie in."""

    failure_codes: ClassVar[Mapping[type[StoreError], str]] = {
        ObjectMissing: "NOT_FOUND",
        AccessDenied: "ACCESS_DENIED",
        UnsafeKey: "VALIDATION",
    }

    path: Annotated[Texts, Field(min_length=1)]
    recursive: bool = False
    files_per_page: int = Field(1000, ge=1, le=10_000)

    @property
    def takes_all(self) -> bool:
        """True when files are to be as they lie in the store, from the first byte to the last."""
        return True

    @abstractmethod
    def page(self, keys: list[str]) -> list[str]:
        """Keys that this step asks for, of all those in a folder. Pure."""

    def cut(self, path: Path, workspace: Workspace) -> None:
        """Leave of a file that came what the step wants of it. Raises AssemblyError."""

    def fetch(self, workspace: Workspace) -> Iterator[ImportedFile]:
        try:
            store = self.store(workspace)
            keys = [key for path in self.path for key in self._keys(store, path)]
            check_count(len(keys), workspace)
            for index, key in enumerate(keys):
                imported_file = _fetch_object(store, key, workspace, index)
                self.cut(imported_file.path, workspace)
                is_shared = self.takes_all and store is workspace.stores.shared
                yield replace(imported_file, shared_key=key) if is_shared else imported_file
                workspace.report((index + 1) / len(keys))
        except StoreError as error:
            raise self.failed(error) from error

    def _keys(self, store: Store, path: str) -> list[str]:
        if not path.endswith("/"):
            return [path]
        keys = self.page(sorted(store.keys(path.strip("/"), recursive=self.recursive)))
        if not keys:
            raise ObjectMissing(f'There is nothing in the folder "{path}".')
        return keys


def _fetch_object(store: Store, key: str, workspace: Workspace, index: int) -> ImportedFile:
    target, max_bytes = workspace.folder / f"import-{index}", workspace.limits.max_upload_bytes
    try:
        store.fetch(key, target, room=workspace.room, max_bytes=max_bytes)
    except ObjectTooLarge as error:
        raise AssemblyError(str(error), code="MAX_SIZE_EXCEEDED") from error
    folder, _, name = key.rpartition("/")
    return ImportedFile(path=target, name=name, folder=f"/{folder}/" if folder else "/")
