"""Run a store step: put one file into an object store and say where it is."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from urllib.parse import quote

from cattube_worker.errors import AssemblyError
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.robots import StoreRobot
from cattube_worker.robots.s3_store import S3Store
from cattube_worker.storage import (
    AccessDenied,
    KeyTaken,
    ObjectMissing,
    Store,
    StoreError,
    Stores,
    UnsupportedAttribute,
)
from cattube_worker.storage.object_keys import object_key, with_id

URLS_LAST = timedelta(hours=24)


def store_file(file: AssemblyFile, robot: StoreRobot, stores: Stores) -> AssemblyFile:
    """The entry of `file` with its url and object_key in the store that `robot` names.

    robot: with its path's variables filled in. Raises AssemblyError.
    """
    try:
        store = stores.of_step(robot.credentials, robot.given)
        key = _put(store, object_key(robot.path), file, robot)
        return _with_addresses(dataclasses.replace(file, object_key=key), key, store, robot)
    except StoreError as error:
        code = robot.name.strip("/").replace("/", "_").upper() + _ending(error, robot)
        raise AssemblyError(str(error), code=code, retryable=error.retryable) from error


def _put(store: Store, key: str, file: AssemblyFile, robot: StoreRobot) -> str:
    if file.path is None:
        raise StoreError(f'The bytes of "{file.name}" are gone.', retryable=False)
    content_type = robot.content_type or file.mime
    try:
        store.put(key, file.path, content_type=content_type, attributes=robot.attributes)
    except KeyTaken:
        # Two files of one name: both are kept, the later one under a name of its own.
        key = with_id(key, file.id)
        store.put(key, file.path, content_type=content_type, attributes=robot.attributes)
    return key


def _with_addresses(file: AssemblyFile, key: str, store: Store, robot: StoreRobot) -> AssemblyFile:
    if not isinstance(robot, S3Store):
        return dataclasses.replace(file, url=store.url(key, expires_in=URLS_LAST))
    seconds = robot.sign_urls_for
    prefix = robot.url_prefix
    return dataclasses.replace(
        file,
        url=store.url(key, expires_in=URLS_LAST) if prefix is None else prefix + quote(key),
        signed_url=store.url(key, expires_in=timedelta(seconds=seconds)) if seconds else None,
    )


def _ending(error: StoreError, robot: StoreRobot) -> str:
    """The end of Transloadit's code for what went wrong."""
    if isinstance(error, AccessDenied):
        return "_ACCESS_DENIED"
    if isinstance(error, UnsupportedAttribute):
        return "_VALIDATION"
    return "_NOT_FOUND" if isinstance(error, ObjectMissing) and isinstance(robot, S3Store) else "_FAILURE"
