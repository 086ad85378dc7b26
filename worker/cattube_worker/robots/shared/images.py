"""Parameters about images, and parts of them, that several robots take."""

from __future__ import annotations

import json
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from cattube_worker.media.geometry import Area
from cattube_worker.robots.shared.values import as_text

# In place of an address: the mark that comes with this project.
BUILTIN_WATERMARK = "builtin:watermark"


def _reachable(url: str) -> str:
    parts = urlsplit(url)
    if url == BUILTIN_WATERMARK:
        return url
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("expected an http or https address of a picture")
    return url


ImageUrl = Annotated[str, AfterValidator(_reachable)]
Coordinate = Annotated[str, BeforeValidator(as_text), Field(pattern=r"^\d{1,6}(\.\d{1,6})?%?$")]


class CropArea(BaseModel):
    """Corners of the part to keep: upper left and lower right, in pixels or percent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    x1: Coordinate
    y1: Coordinate
    x2: Coordinate
    y2: Coordinate

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
