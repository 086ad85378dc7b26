"""Who goes through the site, and on what screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["guest", "viewer", "owner", "stranger"]
ROLES: tuple[Role, ...] = ("guest", "viewer", "owner", "stranger")


@dataclass(frozen=True)
class Size:
    """A screen. is_phone: it is touched, and the page's bar is below."""

    name: str
    width: int
    height: int
    is_phone: bool

    def account_of(self, role: Role) -> str:
        """Name of the account; a guest has one, too, and is not logged in. What one does is no other's."""
        return f"{role}-{self.name}"


PHONE = Size("phone", 360, 740, is_phone=True)
DESK = Size("desk", 1280, 800, is_phone=False)
SIZES = (PHONE, DESK)
