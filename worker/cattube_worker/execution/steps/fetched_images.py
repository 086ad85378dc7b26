"""Pictures that a step names by their addresses, as files on this machine."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from cattube_worker.media.encode.watermark import png_size
from cattube_worker.robots import Robot
from cattube_worker.robots.shared.images import BUILTIN_WATERMARK
from cattube_worker.robots.video_encode.robot import VideoEncode

OURS = Path(__file__).resolve().parents[2] / "assets" / "watermark.png"
_MOST_BYTES = 16 * 2**20


def local_watermark(robot: Robot, target: Path, *, trusted_hosts: Collection[str] = ()) -> Path | None:
    """Where the watermark lies, after fetching it to `target` if need be; None when there is none.

    Raises AssemblyError when it cannot be fetched or is no PNG.
    """
    if not isinstance(robot, VideoEncode) or not robot.watermark_url:
        return None
    picture = fetch_picture(robot.watermark_url, target, trusted_hosts=trusted_hosts)
    png_size(picture)
    return picture


def fetch_picture(url: str, target: Path, *, trusted_hosts: Collection[str] = ()) -> Path:
    """Where the picture of that address lies, after fetching it to `target`. Raises AssemblyError."""
    if url == BUILTIN_WATERMARK:
        return OURS
    # Only where it is needed: the HTTP client is heavy and most installations never fetch anything.
    from cattube_worker.outbound.http import Outbound

    Outbound(trusted_hosts).fetch(url, target, max_bytes=_MOST_BYTES)
    return target
