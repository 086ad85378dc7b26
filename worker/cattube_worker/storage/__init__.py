"""Where objects rest: a folder or a bucket, each found by the name of its credentials."""

from __future__ import annotations

from cattube_worker.storage.errors import (
    AccessDenied as AccessDenied,
)
from cattube_worker.storage.errors import (
    BucketMissing as BucketMissing,
)
from cattube_worker.storage.errors import (
    KeyTaken as KeyTaken,
)
from cattube_worker.storage.errors import (
    ObjectMissing as ObjectMissing,
)
from cattube_worker.storage.errors import (
    StoreError as StoreError,
)
from cattube_worker.storage.errors import (
    UnknownCredentials as UnknownCredentials,
)
from cattube_worker.storage.errors import (
    UnsafeKey as UnsafeKey,
)
from cattube_worker.storage.errors import (
    UnsupportedAttribute as UnsupportedAttribute,
)
from cattube_worker.storage.store import ObjectAttributes as ObjectAttributes
from cattube_worker.storage.store import Store as Store
from cattube_worker.storage.stores import Access as Access
from cattube_worker.storage.stores import Stores as Stores
