"""/image/resize: an image in another size or format, with effects, a watermark or words on it."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from cattube_worker.media.colors import TRANSPARENT, ffmpeg_color, rgb
from cattube_worker.media.encode.command import Command, FileInput
from cattube_worker.media.encode.filters.watermark import Watermark
from cattube_worker.media.encode.output import Output, Words
from cattube_worker.media.encode.render import render
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.geometry import Size, cut_out, turn, turned
from cattube_worker.media.inspect.stills.exif import orientation, set_upright
from cattube_worker.media.inspect.stills.margins import content_of
from cattube_worker.media.stills import effects
from cattube_worker.media.stills.encoders import still_encoder
from cattube_worker.media.stills.graph import StillGraph
from cattube_worker.media.stills.size import StillResize
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.image_resize.parameters import MOST_PIXELS, ResizeParameters
from cattube_worker.robots.shared.file_robot import FileRobot
from cattube_worker.robots.shared.input_files import WATERMARK_ROLE, InputFile, OutputFile
from cattube_worker.robots.shared.values import font_files

_FORMATS = ("jpg", "png", "webp", "gif", "tiff")
_USUAL_SIGMA = 8.0  # of a region that says where to blur and not how much


class ImageResize(FileRobot, ResizeParameters):
    """One image for each image; what is no image is passed over.

    Source: Transloadit docs, "/image/resize".
    """

    name: ClassVar[str] = "/image/resize"

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
        if size.width * size.height > MOST_PIXELS:
            raise InvalidInput(
                f"The picture would become too large: {size.width} x {size.height} pixels, where "
                f"{MOST_PIXELS / 1e6:g} million in all are allowed."
            )
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
        # Scaling leaves a note of the old shape, by which viewers would undo "stretch".
        graph.then(("setsar=1",))
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
        # To the PNG encoder "ildct" means seven passes, from coarse to fine. "bitexact" keeps the encoder's
        # name out of the file.
        flags = "+bitexact+ildct" if ext == "png" and self.progressive else "+bitexact"
        return (*self._codec(ext), "-flags", flags)

    def _codec(self, ext: str) -> Words:
        dots = ("-dpi", self.density.partition("x")[0]) if self.density is not None else ()
        if ext in {"jpg", "webp"}:
            return tuple(still_encoder(ext, self.quality))
        if ext == "gif":
            return ("-c:v", "gif", "-f", "gif")
        if ext == "tiff":
            packing = {"None": "raw", "LZW": "lzw", "Zip": "deflate", "RLE": "packbits", None: "deflate"}
            algorithm = packing[self.compress]
            return ("-c:v", "tiff", "-compression_algo", algorithm, *dots, "-f", "image2pipe")
        return ("-c:v", "png", *dots, "-f", "image2pipe")
