"""Stores of objects: a folder or a bucket, each found by the name of its credentials."""

from __future__ import annotations

from cattube_worker.storage.errors import (
    AccessDenied,
    BucketMissing,
    KeyTaken,
    ObjectMissing,
    StoreError,
    UnknownCredentials,
    UnsafeKey,
    UnsupportedAttribute,
)
from cattube_worker.storage.store import ObjectAttributes, SharedStore, Store
from cattube_worker.storage.stores import Access, Stores

__all__ = [
    "Access",
    "AccessDenied",
    "BucketMissing",
    "KeyTaken",
    "ObjectAttributes",
    "ObjectMissing",
    "SharedStore",
    "Store",
    "StoreError",
    "Stores",
    "UnknownCredentials",
    "UnsafeKey",
    "UnsupportedAttribute",
]
