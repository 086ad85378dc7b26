"""Sender of an assembly: those for whom its uploads count, so that one of them cannot stop the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Signed fields that the engine itself reads. OWNER names the person on whose behalf a site signs; any name
# will do that is the same each time and says nothing to others. VIDEO names what the assembly is for: a new
# assembly of the same owner for the same video is a new attempt, and ends one that still waits for its file.
# NOTIFY_EARLY asks for notifications before the end too: true or false.
OWNER, VIDEO, NOTIFY_EARLY = "owner", "video", "notify_early"
MAX_NAME_LENGTH = 200


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Sender of an assembly. owner, video: as signed; None where nobody signed any.

    network: of the client's address, as `client_network` gives it.
    """

    owner: str | None = None
    video: str | None = None
    network: str | None = None

    @property
    def holders(self) -> tuple[str, ...]:
        """Names under which what the sender takes up is counted: of the owner, and of the address."""
        named = (("owner", self.owner), ("address", self.network))
        return tuple(f"{kind} {name}" for kind, name in named if name is not None)


def read_sender(document: Mapping[str, Any], *, is_signed: bool, network: str | None) -> Sender:
    """The sender that the params tell, if they are signed. Fields beside the params tell nothing."""
    fields = _signed_fields(document, is_signed=is_signed)
    return Sender(owner=_name(fields.get(OWNER)), video=_name(fields.get(VIDEO)), network=network)


def wants_early_notifications(document: Mapping[str, Any], *, is_signed: bool) -> bool:
    """True when signed params ask for notifications before the end. Fields beside the params do not."""
    return _signed_fields(document, is_signed=is_signed).get(NOTIFY_EARLY) is True


def _signed_fields(document: Mapping[str, Any], *, is_signed: bool) -> Mapping[str, Any]:
    fields = document.get("fields")
    return fields if is_signed and isinstance(fields, Mapping) else {}


def _name(value: object) -> str | None:
    """A name among the signed fields; None for what cannot be one."""
    is_name = isinstance(value, str) and 0 < len(value) <= MAX_NAME_LENGTH
    return str(value) if is_name else None
