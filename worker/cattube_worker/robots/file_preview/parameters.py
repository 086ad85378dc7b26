"""The parameters of /file/preview."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from cattube_worker.media.colors import ffmpeg_rgba, rgba
from cattube_worker.media.geometry import ResizeStrategy
from cattube_worker.media.stills.size import StillResize
from cattube_worker.robots.shared.values import FontName, HexColor

StrategyName = Literal["artwork", "clip", "frame", "icon", "image", "page", "render", "waveform"]
Names = tuple[StrategyName, ...]
Pixels = Annotated[int, Field(ge=1, le=5000)]


class Strategies(BaseModel):
    """Ways to get a picture, by the category of a file; the first that gives one is taken."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    archive: Names = ("icon",)
    audio: Names = ("artwork", "waveform", "icon")
    document: Names = ("page", "icon")
    image: Names = ("image", "icon")
    unknown: Names = ("icon",)
    video: Names = ("artwork", "frame", "icon")
    webpage: Names = ("render", "icon")


class PreviewParameters(BaseModel):
    """Source: Transloadit's `robots/file-preview`."""

    format: Literal["gif", "jpeg", "jpg", "png", "webp"] = "png"
    width: Pixels = 300
    height: Pixels = 200
    resize_strategy: ResizeStrategy = "pad"
    background: HexColor = "#ffffffff"
    zoom: bool = True
    strategy: Strategies = Strategies()
    waveform_center_color: HexColor = "#000000ff"
    waveform_outer_color: HexColor = "#000000ff"
    waveform_width: Pixels = 300
    waveform_height: Pixels = 100
    icon_style: Literal["square", "with-text"] = "with-text"
    icon_text_color: HexColor = "#a2a2a2"
    icon_text_font: FontName = "Roboto"
    icon_text_content: Literal["extension", "none"] = "extension"
    optimize: bool = True
    optimize_priority: Literal["compression-ratio", "conversion-speed"] = "conversion-speed"
    optimize_progressive: bool = False
    clip_format: Literal["apng", "gif", "webp"] = "webp"
    clip_offset: float = Field(1, ge=0, le=1_000_000)
    clip_duration: float = Field(5, gt=0, le=60)
    clip_framerate: int = Field(5, ge=1, le=60)
    clip_loop: bool = True

    # Accepted, and without effect: no colours are laid on artwork.
    artwork_center_color: HexColor | None = None
    artwork_outer_color: HexColor | None = None

    @property
    def ext(self) -> str:
        """The ending of a picture that does not move."""
        return "jpg" if self.format == "jpeg" else self.format

    @property
    def resize(self) -> StillResize:
        """The size to reach, and the way to it."""
        return StillResize(
            width=self.width,
            height=self.height,
            strategy=self.resize_strategy,
            may_enlarge=self.zoom,
            background=ffmpeg_rgba(rgba(self.background)),
        )
