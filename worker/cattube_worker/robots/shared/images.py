"""Parameters and filters shared by the robots that make pictures of a size."""

from __future__ import annotations

import json
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from cattube_worker.media.encode.branches import Frames
from cattube_worker.media.encode.render import Workspace
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.geometry import Area, Resized, ResizeStrategy, Size, resize, scale_to
from cattube_worker.robots.shared.input_files import InputFile

Color = Annotated[str, Field(pattern=r"^#?([0-9a-fA-F]{6}|[0-9a-fA-F]{8})$")]


# In place of an address: the mark that comes with this project.
BUILTIN_WATERMARK = "builtin:watermark"


def _reachable(url: str) -> str:
    parts = urlsplit(url)
    if url == BUILTIN_WATERMARK:
        return url
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("expected an http or https address of a picture")
    return url


PictureUrl = Annotated[str, AfterValidator(_reachable)]


def _number_or_percent(value: object) -> object:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Bound = Annotated[str, BeforeValidator(_number_or_percent), Field(pattern=r"^\d{1,6}(\.\d{1,6})?%?$")]


class CropArea(BaseModel):
    """Corners of the part to keep: upper left and lower right, in pixels or percent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    x1: Bound
    y1: Bound
    x2: Bound
    y2: Bound

    def area(self) -> Area:
        return Area(self.x1, self.y1, self.x2, self.y2)


def _from_json_text(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise ValueError("expected an object with x1, y1, x2 and y2") from None


def _not_empty(area: CropArea) -> CropArea:
    if area.x1 == area.x2 or area.y1 == area.y2:
        raise ValueError("the corners enclose nothing")
    return area


Crop = Annotated[CropArea, BeforeValidator(_from_json_text), AfterValidator(_not_empty)]


def _not_here(value: bool | str) -> bool | str:
    if value not in (False, ""):
        raise ValueError("this engine does not do that: leave it out")
    return value


NotHere = Annotated[bool | str, AfterValidator(_not_here)]


def size_of(source: InputFile, workspace: Workspace) -> Size:
    """The size of a still. Raises InvalidInput when it has none, or too large a one."""
    width, height = int(source.meta.get("width") or 0), int(source.meta.get("height") or 0)
    if not width or not height:
        raise InvalidInput(f'"{source.name}" is not a picture we can read.')
    if width * height > workspace.limits.max_pixels:
        raise InvalidInput(f'"{source.name}" is too large: {width} x {height} pixels.')
    return Size(width, height)


def resized(
    source: Size,
    *,
    width: int | None,
    height: int | None,
    strategy: ResizeStrategy,
    may_enlarge: bool,
    background: str,
) -> Resized:
    """`resize` with colours as robots write them."""
    return resize(
        source,
        width=width,
        height=height,
        strategy=strategy,
        may_enlarge=may_enlarge,
        background="0x" + background.removeprefix("#")[:6],
    )


def squared(frames: Frames, filters: tuple[str, ...], *, is_first: bool) -> tuple[str, ...]:
    """`filters` on plain frames: a file's own may be anamorphic, and their size is as shown."""
    if not is_first:
        return filters
    is_scaled = bool(filters) and filters[0].startswith("scale=")
    return frames.normalization.around(filters if is_scaled else (*scale_to(frames.size), *filters))
