"""Words that /image/resize writes on an image."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from cattube_worker.media.colors import ffmpeg_color, rgb
from cattube_worker.media.filter_escaping import in_filter
from cattube_worker.robots.shared.values import ColorName, FontName


class TextOverlay(BaseModel):
    """Source: Transloadit docs, "/image/resize", "text"."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = Field(max_length=1000)
    font: FontName = "Arial"
    size: int = Field(12, ge=1, le=2000)
    # Turned words are not written here.
    rotate: Annotated[int, Field(ge=0, le=0)] = 0
    color: ColorName = "#000000"
    background_color: ColorName = "transparent"
    stroke_width: int = Field(0, ge=0, le=100)
    stroke_color: ColorName = "transparent"
    align: Literal["center", "left", "right"] = "center"
    valign: Literal["bottom", "center", "top"] = "center"
    x_offset: int = Field(0, ge=-25_000, le=25_000)
    y_offset: int = Field(0, ge=-25_000, le=25_000)

    def filter(self, listing: Path) -> str:
        """The filter that writes what stands in `listing`."""
        across = {"left": "0", "center": "(w-text_w)/2", "right": "w-text_w"}[self.align]
        down = {"top": "0", "center": "(h-text_h)/2", "bottom": "h-text_h"}[self.valign]
        options = {
            "textfile": in_filter(str(listing)),
            "expansion": "none",  # else "%{...}" would be a command
            "font": f"'{self.font}'",
            "fontsize": str(self.size),
            "fontcolor": _color(self.color),
            "x": f"{across}+{self.x_offset}",
            "y": f"{down}+{self.y_offset}",
            "borderw": str(self.stroke_width),
            "bordercolor": _color(self.stroke_color),
            "box": str(int(rgb(self.background_color) is not None)),
            "boxcolor": _color(self.background_color),
        }
        return "drawtext=" + ":".join(f"{key}={value}" for key, value in options.items())


def _color(name: str) -> str:
    return ffmpeg_color(rgb(name), transparent="black@0")
