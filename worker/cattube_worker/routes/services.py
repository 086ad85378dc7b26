"""Services: the parts of the engine that routes work with. A route asks for each: `service(Uploads)`."""

from __future__ import annotations

from typing import Any, TypeVar, cast

from flask import Flask, current_app

from cattube_worker.clock import Clock

NAME = "services"
T = TypeVar("T")


class Services:
    """Parts by their class and its bases, at most one of each. Those that are None are left out."""

    def __init__(self, *parts: object) -> None:
        self._parts: dict[type[Any], Any] = {
            kind: part for part in parts if part is not None for kind in type(part).__mro__
        }

    def get(self, kind: type[T]) -> T | None:
        return cast("T | None", self._parts.get(kind))


def provide(app: Flask, services: Services) -> None:
    """Have the routes of `app` work with `services`."""
    app.extensions[NAME] = services


def service(kind: type[T]) -> T:
    """The part of that class, in the application that handles this request. Raises LookupError."""
    part = optional_service(kind)
    if part is None:
        raise LookupError(f"no {kind.__name__} was provided for the routes")
    return part


def optional_service(kind: type[T]) -> T | None:
    """The part of that class, if the engine has one."""
    return cast(Services, current_app.extensions[NAME]).get(kind)


def now() -> float:
    """The time, in seconds since the epoch."""
    return service(Clock)()
