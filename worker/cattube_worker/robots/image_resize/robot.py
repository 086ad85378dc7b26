"""/image/resize: an image in another size or format, with effects, a watermark or words on it."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from cattube_worker.media.colors import TRANSPARENT, ffmpeg_color, rgb
from cattube_worker.media.encode.command import Command, FileInput
from cattube_worker.media.encode.output import Output, Words
from cattube_worker.media.encode.render import render
from cattube_worker.media.encode.watermark import Watermark, WatermarkStrategy
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.geometry import ResizeStrategy, Size, cut_out, turn, turned
from cattube_worker.media.inspect.exif import orientation, set_upright
from cattube_worker.media.inspect.margins import content_of
from cattube_worker.media.stills import effects
from cattube_worker.media.stills.effects import Ellipse
from cattube_worker.media.stills.encoders import still_encoder
from cattube_worker.media.stills.graph import StillGraph
from cattube_worker.media.stills.size import StillResize
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.image_resize.text import TextOverlay
from cattube_worker.robots.shared.file_robot import FileRobot
from cattube_worker.robots.shared.images import Crop, ImageUrl
from cattube_worker.robots.shared.input_files import WATERMARK_ROLE, InputFile, OutputFile
from cattube_worker.robots.shared.values import (
    ColorName,
    Percentage,
    Position,
    Positions,
    Unsupported,
    as_text,
    font_files,
    one_or_several,
)

_FORMATS = ("jpg", "png", "webp", "gif", "tiff")
_MOST_PIXELS = 100_000_000
_USUAL_SIGMA = 8.0  # of a region that says where to blur and not how much


def _leading_number(value: Any) -> Any:
    """ "320px" is 320: a number may have anything behind it."""
    digits = re.match(r"\d+", value) if isinstance(value, str) else None
    return int(digits[0]) if digits else value


def _degrees(value: Any) -> Any:
    words = {"true": True, "auto": True, "false": False}
    if isinstance(value, str):
        is_number = re.fullmatch(r"-?\d{1,4}(\.\d{1,4})?", value)
        return words.get(value, float(value) if is_number else value)
    return value


def _key_color(color: str) -> str:
    """ "255,255,255" is a colour as well."""
    if re.fullmatch(r"\d{1,3},\d{1,3},\d{1,3}", color):
        parts = [min(255, int(part)) for part in color.split(",")]
        return "#{:02x}{:02x}{:02x}".format(*parts)
    return color


Pixels = Annotated[int, BeforeValidator(_leading_number), Field(ge=1, le=25_000)]
At = Annotated[int, BeforeValidator(_leading_number), Field(ge=0, le=25_000)]


class BlurRegion(BaseModel):
    """An ellipse by the rectangle around it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    x: At
    y: At
    width: Pixels
    height: Pixels

    def within(self, size: Size) -> Ellipse | None:
        """The part of it that lies in a picture of that size."""
        width, height = min(self.width, size.width - self.x), min(self.height, size.height - self.y)
        return Ellipse(self.x, self.y, width, height) if width > 0 and height > 0 else None


class ImageResize(FileRobot):
    """One image for each image; what is no image is passed over.

    Source: Transloadit docs, "/image/resize".
    """

    name: ClassVar[str] = "/image/resize"

    format: Literal["jpg", "jpeg", "png", "webp", "gif", "tiff", "tif"] | None = None
    width: Pixels | None = None
    height: Pixels | None = None
    resize_strategy: ResizeStrategy = "fit"
    zoom: bool = True
    crop: Crop | None = None
    gravity: Position = "center"
    quality: int = Field(92, ge=1, le=100)
    background: ColorName = "#FFFFFF"
    rotation: Annotated[bool | float, BeforeValidator(_degrees)] = True
    frame: int | None = Field(None, ge=1, le=100_000)
    progressive: bool = False
    density: Annotated[str, BeforeValidator(as_text), Field(pattern=r"^\d{1,5}(x\d{1,5})?$")] | None = None
    compress: Literal["LZW", "None", "RLE", "Zip"] | None = None
    trim_whitespace: bool = False
    shave: Annotated[str, BeforeValidator(as_text), Field(pattern=r"^\d{1,5}(x\d{1,5})?$")] | None = None
    blur: Annotated[str, Field(pattern=r"^\d{1,4}(\.\d+)?x\d{1,4}(\.\d+)?$")] | None = None
    blur_regions: tuple[BlurRegion, ...] | None = Field(None, max_length=50)
    brightness: float = Field(1, ge=0, le=100)
    saturation: float = Field(1, ge=0, le=100)
    hue: float = Field(100, ge=0, le=200)
    contrast: float = Field(1, ge=0, le=2)
    sepia: int | None = Field(None, ge=0, le=99)
    monochrome: bool = False
    negate: bool = False
    colorspace: Literal["Gray", "RGB", "sRGB"] | None = None
    type: Literal["Bilevel", "Grayscale", "GrayscaleAlpha", "TrueColor", "TrueColorAlpha"] | None = None
    alpha: Literal["Extract", "Off", "Opaque", "Remove", "Deactivate", "Transparent"] | None = None
    transparent: Annotated[ColorName, BeforeValidator(_key_color)] | None = None
    watermark_url: Literal[""] | ImageUrl = ""
    watermark_position: Positions = ("center",)
    watermark_x_offset: int = Field(0, ge=-25_000, le=25_000)
    watermark_y_offset: int = Field(0, ge=-25_000, le=25_000)
    watermark_size: Percentage | None = None
    watermark_resize_strategy: WatermarkStrategy = "fit"
    watermark_opacity: float = Field(1, ge=0, le=1)
    watermark_repeat_x: bool = False
    watermark_repeat_y: bool = False
    text: Annotated[tuple[TextOverlay, ...], BeforeValidator(one_or_several), Field(max_length=20)] = ()

    # Not done here: they are refused, because an image without them would not be the one asked for.
    clip: Unsupported = False
    clut: Unsupported = False
    preclip_alpha: Unsupported = False
    correct_gamma: Unsupported = False

    # Accepted, and without effect: images come out without the camera's notes and as one layer, and a PNG
    # is filtered as its encoder likes.
    strip: bool = False
    flatten: bool = True
    adaptive_filtering: bool = False
    imagemagick_stack: str | None = None
    stack: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _by_their_newer_names(cls, values: Any) -> Any:
        older = {"watermark_position_x": "watermark_x_offset", "watermark_position_y": "watermark_y_offset"}
        return {older.get(key, key): value for key, value in values.items()}

    @model_validator(mode="after")
    def _within_bounds(self) -> Self:
        if (self.width or 1) * (self.height or 1) > _MOST_PIXELS:
            raise ValueError("width and height together are more than 100 million pixels")
        return self

    @property
    def image_urls(self) -> Mapping[str, str]:
        return {WATERMARK_ROLE: self.watermark_url} if self.watermark_url else {}

    def make(self, files: Sequence[InputFile], workspace: Workspace) -> list[OutputFile]:
        mark = next((file for file in files if file.role == WATERMARK_ROLE), None)
        return [
            self._resize_file(file, mark, workspace, index)
            for index, file in enumerate(files)
            if file.role != WATERMARK_ROLE and self._takes(file)
        ]

    def _takes(self, file: InputFile) -> bool:
        return file.type == "image" or bool(self.force_accept and file.meta.get("width"))

    def _resize_file(
        self, file: InputFile, mark: InputFile | None, workspace: Workspace, index: int
    ) -> OutputFile:
        size, ext = file.still_size(workspace.limits), self._ext(file)
        listings = self._listings(workspace)
        graph = self._graph(file, size, workspace)
        self._write_over(graph, mark, listings, workspace)
        self._finish(graph, ext)
        output = Output(
            path=workspace.folder / f"picture-{index}",
            ext=ext,
            video=self._encoder(ext),
            video_from=("[out]",),
            frame_count=None if self._is_animation(file, ext) else 1,
            bounds=frozenset({"duration", "bytes"}),
        )
        marks = [FileInput(mark.path)] if mark is not None else []
        render(
            Command(
                inputs=[FileInput(file.path, ("-noautorotate",)), *marks],
                outputs=[output],
                graph=graph.text(),
            ),
            name=file.name,
            duration_seconds=0,
            workspace=workspace,
            also_reads=[*listings, *(font_files() if listings else [])],
        )
        return OutputFile(path=output.path, name=f"{file.basename}.{ext}", source=file)

    def _is_animation(self, file: InputFile, ext: str) -> bool:
        """An animation stays one as long as it is a GIF and no frame of it was chosen."""
        return file.mime == "image/gif" and ext == "gif" and self.frame is None

    def _ext(self, file: InputFile) -> str:
        ext = self.format or file.ext.lower()
        ext = {"jpeg": "jpg", "tif": "tiff"}.get(ext, ext)
        return ext if ext in _FORMATS else "png"

    def _graph(self, file: InputFile, size: Size, workspace: Workspace) -> StillGraph:
        """The image upright, cropped and in its new size, with all its effects."""
        graph = StillGraph(size)
        if self.frame is not None:
            graph.then((rf"select=eq(n\,{self.frame - 1})",))
        self._set_upright(graph, orientation(file.path))
        if self.trim_whitespace:
            self._trim(graph, file, size, workspace)
        if self.shave is not None:
            across, _, down = self.shave.partition("x")
            graph.then(*effects.shaved(graph.size, int(across), int(down or across)))
        self._resize(graph)
        for filters in self._effects():
            graph.then(filters)
        self._blur(graph)
        return graph

    def _set_upright(self, graph: StillGraph, held: int) -> None:
        if self.rotation is True:
            graph.then(*set_upright(held, graph.size))
        degrees = 0.0 if isinstance(self.rotation, bool) else self.rotation % 360
        if degrees % 90 == 0:
            graph.then(turn(int(degrees)), turned(graph.size, int(degrees)))
        else:
            graph.then(*effects.turned_by(graph.size, degrees))

    def _trim(self, graph: StillGraph, file: InputFile, size: Size, workspace: Workspace) -> None:
        before = StillGraph(size)
        self._set_upright(before, orientation(file.path))
        box = content_of(file.path, before.filters, workspace)
        if box is not None:
            left, top, width, height = box
            graph.then((f"crop={width}:{height}:{left}:{top}:exact=1",), Size(width, height))

    def _resize(self, graph: StillGraph) -> None:
        if self.crop is not None:
            cut = cut_out(graph.size, self.crop.area())
            graph.then(cut.filters, cut.size)
            return
        resize = StillResize(
            width=self.width,
            height=self.height,
            strategy=self.resize_strategy,
            may_enlarge=self.zoom,
            gravity=self.gravity,
            background=ffmpeg_color(rgb(self.background)),
        )
        size = resize.size(graph.size)
        if size.width * size.height > _MOST_PIXELS:
            raise InvalidInput(f"The picture would become too large: {size.width} x {size.height} pixels.")
        graph.then(resize.filters(graph.size), size)

    def _effects(self) -> list[effects.Filters]:
        is_two_tone = self.monochrome or self.type == "Bilevel"
        is_grey = self.colorspace == "Gray" or self.type in {"Grayscale", "GrayscaleAlpha"}
        choices = [
            (self.brightness != 1, effects.brightness(self.brightness)),
            (self.contrast != 1, effects.contrast(self.contrast)),
            (
                (self.saturation, self.hue) != (1, 100),
                effects.toned(saturation=self.saturation, hue=self.hue),
            ),
            (bool(self.sepia), effects.sepia(self.sepia or 0)),
            (is_grey and not is_two_tone, effects.grey()),
            (is_two_tone, effects.black_and_white()),
            (self.negate, effects.negated()),
        ]
        chosen = [filters for is_chosen, filters in choices if is_chosen]
        return [*chosen, effects.ALPHA[self.alpha]()] if self.alpha in effects.ALPHA else chosen

    def _blur(self, graph: StillGraph) -> None:
        sigma = float(self.blur.partition("x")[2]) if self.blur else 0
        if self.blur_regions is not None:
            ellipses = [region.within(graph.size) for region in self.blur_regions]
            graph.blur_within([ellipse for ellipse in ellipses if ellipse is not None], sigma or _USUAL_SIGMA)
        elif sigma:
            graph.then(effects.blurred(sigma))

    def _write_over(
        self, graph: StillGraph, mark: InputFile | None, listings: Sequence[Path], workspace: Workspace
    ) -> None:
        if mark is not None:
            graph.lay_over(
                self._mark(mark),
                mark.still_size(workspace.limits),
                across=self.watermark_repeat_x,
                down=self.watermark_repeat_y,
            )
        for words, listing in zip(self.text, listings, strict=True):
            graph.then((words.filter(listing),))

    def _mark(self, mark: InputFile) -> Watermark:
        return Watermark(
            path=mark.path,
            position=random.choice(self.watermark_position),  # noqa: S311 - a list means "one at random"
            x_offset=self.watermark_x_offset,
            y_offset=self.watermark_y_offset,
            size_percent=float(self.watermark_size.removesuffix("%")) if self.watermark_size else None,
            strategy=self.watermark_resize_strategy,
            opacity=self.watermark_opacity,
        )

    def _listings(self, workspace: Workspace) -> list[Path]:
        """The words as files: within a filter some of their characters would mean something."""
        listings = []
        for index, words in enumerate(self.text):
            listings.append(workspace.folder / f"words-{index}.txt")
            listings[-1].write_text(words.text, encoding="utf-8")
        return listings

    def _finish(self, graph: StillGraph, ext: str) -> None:
        color = rgb(self.background) or (255, 255, 255)
        keeps_alpha = self.background in TRANSPARENT and self.alpha not in {"Off", "Remove", "Deactivate"}
        is_transparent = keeps_alpha or self.alpha == "Transparent"
        if ext == "jpg" or not is_transparent:
            graph.flatten(*color)
        key = rgb(self.transparent) if self.transparent is not None and ext != "jpg" else None
        if key is not None:
            graph.then(effects.clear_where(key))
        if ext == "gif":
            graph.few_colors()

    def _encoder(self, ext: str) -> Words:
        dots = ("-dpi", self.density.partition("x")[0]) if self.density is not None else ()
        if ext in {"jpg", "webp"}:
            return tuple(still_encoder(ext, self.quality))
        if ext == "gif":
            return ("-c:v", "gif", "-f", "gif")
        if ext == "tiff":
            packing = {"None": "raw", "LZW": "lzw", "Zip": "deflate", "RLE": "packbits", None: "deflate"}
            algorithm = packing[self.compress]
            return ("-c:v", "tiff", "-compression_algo", algorithm, *dots, "-f", "image2pipe")
        # To the PNG encoder this flag means seven passes, from coarse to fine.
        passes = ("-flags", "+ildct") if self.progressive else ()
        return ("-c:v", "png", *passes, *dots, "-f", "image2pipe")
