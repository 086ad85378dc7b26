"""/backblaze/store: files into a Backblaze B2 bucket, or into whatever store has the credentials' name."""

from __future__ import annotations

from typing import ClassVar

from cattube_worker.robots.shared.store_access import BackblazeAccess
from cattube_worker.robots.shared.store_robot import StoreRobot


class BackblazeStoreRobot(BackblazeAccess, StoreRobot):
    """Source: Transloadit docs, "/backblaze/store"."""

    name: ClassVar[str] = "/backblaze/store"
