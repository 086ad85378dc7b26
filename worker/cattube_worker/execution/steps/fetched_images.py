"""Images that a step names by their addresses, as files on this machine."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from cattube_worker.media.encode.filters.watermark import png_size
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots import Robot
from cattube_worker.robots.shared.images import BUILTIN_WATERMARK
from cattube_worker.robots.shared.input_files import WATERMARK_ROLE, InputFile

BUILTIN_WATERMARK_PATH = Path(__file__).resolve().parents[2] / "assets" / "watermark.png"
_MOST_BYTES = 16 * 2**20


def local_watermark(robot: Robot, target: Path, workspace: Workspace) -> Path | None:
    """The path of the watermark, which is fetched to `target` if need be; None when there is none.

    Raises AssemblyError when it cannot be fetched or is no PNG.
    """
    url = robot.image_urls.get(WATERMARK_ROLE)
    if url is None:
        return None
    image = _fetch_image(url, target, workspace)
    png_size(image)
    return image


def fetched_images(robot: Robot, workspace: Workspace) -> list[InputFile]:
    """The images that the robot needs beside its inputs. Raises AssemblyError."""
    return [_fetched_image(url, role, workspace) for role, url in robot.image_urls.items()]


def _fetched_image(url: str, role: str, workspace: Workspace) -> InputFile:
    path = _fetch_image(url, workspace.folder / f"fetched-{role}", workspace)
    facts = workspace.describe(path, name=role)
    if facts.type != "image":
        raise InvalidInput(f"{urlsplit(url).hostname or url} gave no picture for this step.")
    return InputFile.of(path, facts, name=role, basename=role, role=role)


def _fetch_image(url: str, target: Path, workspace: Workspace) -> Path:
    """The path of the image of that address, after fetching it to `target`. Raises AssemblyError."""
    if url == BUILTIN_WATERMARK:
        return BUILTIN_WATERMARK_PATH
    workspace.outbound().fetch(url, target, max_bytes=_MOST_BYTES)
    return target
