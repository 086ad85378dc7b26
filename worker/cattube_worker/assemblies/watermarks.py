"""The picture a step lays over its video, as a file on this machine."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from cattube_worker.media.watermark import png_size
from cattube_worker.robots import Robot
from cattube_worker.robots.video_encode import BUILTIN_WATERMARK, VideoEncode

OURS = Path(__file__).resolve().parent.parent / "assets" / "watermark.png"
_MOST_BYTES = 16 * 2**20


def local_watermark(robot: Robot, target: Path, *, trusted_hosts: Collection[str] = ()) -> Path | None:
    """Where the watermark lies, after fetching it to `target` if need be; None when there is none.

    Raises AssemblyError when it cannot be fetched or is no PNG.
    """
    if not isinstance(robot, VideoEncode) or not robot.watermark_url:
        return None
    if robot.watermark_url == BUILTIN_WATERMARK:
        return OURS
    # Only where it is needed: the HTTP client is heavy and most installations never fetch anything.
    from cattube_worker.outbound import Outbound

    Outbound(trusted_hosts).fetch(robot.watermark_url, target, max_bytes=_MOST_BYTES)
    png_size(target)
    return target
