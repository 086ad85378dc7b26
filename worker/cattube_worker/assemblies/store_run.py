"""Run a store step: put one file into an object store and say where it is."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

from cattube_worker.assemblies.file import AssemblyFile
from cattube_worker.errors import AssemblyError
from cattube_worker.robots import StoreRobot
from cattube_worker.stores import AccessDenied, KeyTaken, Store, StoreError, Stores
from cattube_worker.stores.object_keys import object_key, with_id

URLS_LAST = timedelta(hours=24)


def store_file(file: AssemblyFile, robot: StoreRobot, stores: Stores) -> AssemblyFile:
    """The entry of `file` with its url and object_key in the store that `robot` names.

    robot: with its path's variables filled in. Raises AssemblyError.
    """
    try:
        store = stores.of_step(robot.credentials, robot.given)
        key = _put(store, object_key(robot.path), file)
        return dataclasses.replace(file, object_key=key, url=store.url(key, expires_in=URLS_LAST))
    except StoreError as error:
        ending = "_ACCESS_DENIED" if isinstance(error, AccessDenied) else "_FAILURE"
        code = robot.name.strip("/").replace("/", "_").upper() + ending
        raise AssemblyError(str(error), code=code, retryable=error.retryable) from error


def _put(store: Store, key: str, file: AssemblyFile) -> str:
    if file.path is None:
        raise StoreError(f'The bytes of "{file.name}" are gone.', retryable=False)
    try:
        store.put(key, file.path, content_type=file.mime)
    except KeyTaken:
        # Two files of one name: both are kept, the later one under a name of its own.
        key = with_id(key, file.id)
        store.put(key, file.path, content_type=file.mime)
    return key
