"""Stores of this engine by the name of their credentials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cattube_worker.storage.errors import UnknownCredentials
from cattube_worker.storage.store import SharedStore, Store


@dataclass(frozen=True, kw_only=True)
class Access:
    """Stored credentials as a robot uses them. type: of the service, such as "s3" or "http"."""

    type: str
    content: Mapping[str, Any] = field(repr=False)


def _find_none(_name: str) -> None:
    return None


@dataclass(frozen=True)
class Stores:
    """Stores that steps name, or describe.

    by_credentials: those of the operator. look_up: finds credentials that clients stored. open_by_type:
    opens a store with the content of such credentials. shared: one of the operator's in which jobs on all
    hosts find files; None where there is only one host.
    """

    by_credentials: Mapping[str, Store] = field(default_factory=dict)
    look_up: Callable[[str], Access | None] = _find_none
    open_by_type: Mapping[str, Callable[[Mapping[str, Any]], Store]] = field(default_factory=dict)
    shared: SharedStore | None = None

    def get(self, credentials: str | None) -> Store:
        """Store of the credentials a step names. Raises UnknownCredentials."""
        store = self.by_credentials.get(credentials or "")
        if store is not None:
            return store
        access = self.access(credentials)
        if access.type not in self.open_by_type:
            raise UnknownCredentials(f'The credentials "{credentials}" are of a service not stored to here.')
        return self.open_by_type[access.type](access.content)

    def of_step(self, credentials: str | None, access: Access | None) -> Store:
        """Store of the credentials a step names, else of the access it describes itself.

        Raises UnknownCredentials, StoreError.
        """
        if credentials or access is None:
            return self.get(credentials)
        if access.type not in self.open_by_type:
            raise UnknownCredentials("This engine opens no store that a step describes.")
        return self.open_by_type[access.type](access.content)

    def access(self, credentials: str | None) -> Access:
        """Stored credentials a step names. Raises UnknownCredentials."""
        access = self.look_up(credentials) if credentials else None
        if access is None:
            raise UnknownCredentials(
                f'There are no credentials named "{credentials}": '
                f"store some, or use one of {', '.join(sorted(self.by_credentials)) or 'none'}."
            )
        return access
