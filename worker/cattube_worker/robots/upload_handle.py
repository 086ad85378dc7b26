"""/upload/handle: the uploads themselves."""

from __future__ import annotations

from typing import ClassVar

from cattube_worker.robots.shared.base import Robot


class UploadHandle(Robot):
    """Takes in what clients send. It has no parameters of its own and is always the step ":original"."""

    name: ClassVar[str] = "/upload/handle"
    has_inputs: ClassVar[bool] = False
