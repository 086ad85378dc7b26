"""The kind of robot that lets some files pass and others not."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Any

from cattube_worker.errors import AssemblyError
from cattube_worker.robots.shared.base import Robot

# Reads a side of a condition, its variables filled in. A variable alone keeps the type of its value.
Read = Callable[[Any], Any]


class FilterFailed(AssemblyError):
    """A file was declined where that is an error, or a filter cannot decide."""

    status = 400


class FilterRobot(Robot):
    """A robot that hands files on as they are, or not."""

    error_on_decline: bool = False
    error_msg: str = "One of your files was declined"

    @property
    def decides(self) -> bool:
        is_seen = self.result or self.ignored_phases or self.user_meta or self.output_meta
        return not (is_seen or self.error_on_decline)

    @abstractmethod
    def holds(self, read: Read) -> bool:
        """True when the file that `read` knows about may pass. Raises ValueError for a bad pattern."""

    def passes(self, read: Read, *, step: str) -> bool:
        """True when the step's filter lets the file pass. Raises FilterFailed where it cannot decide."""
        try:
            return self.holds(read)
        except ValueError as error:  # a pattern that came out of a variable
            code = self.error_code("VALIDATION")
            raise FilterFailed(f'The filter "{step}": {error}.', code=code, step=step) from error

    def decline(self) -> None:
        """Raise FilterFailed where a file that does not pass is to end the assembly."""
        if self.error_on_decline:
            raise FilterFailed(self.error_msg, code=self.error_code("DECLINED_FILE"))
