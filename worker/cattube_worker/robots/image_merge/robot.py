"""/image/merge: several images on one sheet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from cattube_worker.media.colors import Rgb, rgb
from cattube_worker.media.encode.command import Command, FileInput
from cattube_worker.media.encode.output import Output
from cattube_worker.media.encode.render import render
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.geometry import Size
from cattube_worker.media.inspect.stills.exif import orientation, set_upright
from cattube_worker.media.stills.encoders import LONGEST_SIDE, StillFormat, still_encoder
from cattube_worker.media.stills.sprite_sheet import (
    Grid,
    Sheet,
    one_below_another,
    sheet_graph,
    side_by_side,
    tile,
)
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.image_merge.sprite_sheet import SpriteSheet
from cattube_worker.robots.shared.base import Robot
from cattube_worker.robots.shared.file_robot import FileRobot
from cattube_worker.robots.shared.frame_robot import StillsRobot
from cattube_worker.robots.shared.input_files import IMAGE_ROLE, InputFile, Ordered, OutputFile
from cattube_worker.robots.shared.values import ColorName, Unsupported

MOST_IMAGES = 200
_MOST_PIXELS = 100_000_000
# All of them are in memory at once.
MOST_PIXELS_READ = 400_000_000


class ImageMerge(FileRobot, Ordered):
    """One image of all images in a bundle; what is no image is passed over.

    Source: Transloadit docs, "/image/merge".
    """

    name: ClassVar[str] = "/image/merge"

    format: StillFormat = "png"
    direction: Literal["horizontal", "vertical", "grid"] = "horizontal"
    columns: int | None = Field(None, ge=1, le=1000)
    rows: int | None = Field(None, ge=1, le=1000)
    cell_width: int | None = Field(None, ge=1, le=25_000)
    cell_height: int | None = Field(None, ge=1, le=25_000)
    border: int = Field(0, ge=0, le=1000)
    background: ColorName = "#FFFFFF"
    quality: int = Field(100, ge=1, le=100)

    # Not done here: it is refused, because a plain sheet would not be the image asked for.
    effect: Unsupported = False

    # Accepted, and without effect: they are about "effect", and about how a PNG is packed.
    width: int | None = Field(None, ge=1)
    height: int | None = Field(None, ge=1)
    seed: int | None = None
    shuffle: bool = False
    coverage: float | None = Field(None, ge=0.5, le=3)
    adaptive_filtering: bool = False

    def make(self, files: Sequence[InputFile], workspace: Workspace) -> list[OutputFile]:
        images = self.in_order([file for file in files if self._takes(file)], role=IMAGE_ROLE)
        if not images:
            return []
        if len(images) > MOST_IMAGES:
            raise InvalidInput(f"{len(images)} pictures are too many: {MOST_IMAGES} are allowed.")
        stored = [image.still_size(workspace.limits) for image in images]
        pixels = sum(size.width * size.height for size in stored)
        if pixels > MOST_PIXELS_READ:
            raise InvalidInput(
                f"Together, the pictures have {pixels / 1e6:.4g} million pixels, where "
                f"{MOST_PIXELS_READ / 1e6:g} million are allowed: make them smaller first."
            )
        upright = [
            set_upright(orientation(image.path), size) for image, size in zip(images, stored, strict=True)
        ]
        sheet = self._sheet([size for _, size in upright])
        path = workspace.folder / "sheet"
        self._render(images, sheet, [filters for filters, _ in upright], path, workspace)
        workspace.report(1.0)
        return [OutputFile(path=path, name=f"{images[0].basename}.{self.format}", source=images[0])]

    def instead_of(self, stills: Robot, *, stills_step: str) -> SpriteSheet | None:
        """A sheet that takes its images from the video; None where that would not come to the same."""
        if not isinstance(stills, StillsRobot) or stills.queue != self.queue:
            return None
        if not (stills.may_stay_frames and self._has_known_cells(stills)):
            return None
        own = {name: getattr(self, name) for name in Robot.model_fields}
        return SpriteSheet(
            stills=stills,
            stills_step=stills_step,
            grid=self.grid,
            grid_background=self.shown_background,
            format=self.format,
            quality=self.quality,
            **own,
        )

    def check(self, size: Size) -> None:
        """Raise InvalidInput when a sheet would be too large."""
        longest = LONGEST_SIDE.get(self.format, _MOST_PIXELS)
        if size.width * size.height > _MOST_PIXELS or max(size.width, size.height) > longest:
            raise InvalidInput(
                f"The picture would become too large: {size.width} x {size.height} pixels, where "
                f"{_MOST_PIXELS / 1e6:g} million in all and {longest:,} a side are allowed."
            )

    @property
    def grid(self) -> Grid:
        return Grid(
            columns=self.columns,
            rows=self.rows,
            cell_width=self.cell_width,
            cell_height=self.cell_height,
            gap=self.border,
        )

    @property
    def shown_background(self) -> Rgb | None:
        """The colour behind the images; None where it is transparent. A JPEG never is."""
        return rgb(self.background) or ((255, 255, 255) if self.format == "jpg" else None)

    def _takes(self, file: InputFile) -> bool:
        return file.type == "image" or bool(self.force_accept and file.meta.get("width"))

    def _has_known_cells(self, stills: StillsRobot) -> bool:
        """True when it is known before there is a video that its stills will lie in the cells of a grid."""
        is_grid = self.direction == "grid" and self.cell_width and self.cell_height
        is_plain = self.format in {"jpg", "png"} and not (self.ignored_phases or self.force_accept)
        count = stills.still_count
        if not (is_grid and is_plain) or count is None or count > MOST_IMAGES:
            return False
        try:
            self.check(tile(self.grid, Size(1, 1), count, background=None).size)
        except InvalidInput:
            return False  # the robot will say so when it comes to that
        return True

    def _sheet(self, sizes: Sequence[Size]) -> Sheet:
        """Raises InvalidInput when it would be too large."""
        if self.direction == "grid":
            sheet = self.grid.sheet(sizes)
        elif self.direction == "vertical":
            sheet = one_below_another(sizes, gap=self.border)
        else:
            sheet = side_by_side(sizes, gap=self.border)
        self.check(sheet.size)
        return sheet

    def _render(
        self,
        images: Sequence[InputFile],
        sheet: Sheet,
        upright: Sequence[Sequence[str]],
        path: Path,
        workspace: Workspace,
    ) -> None:
        output = Output(
            path=path,
            video=tuple(still_encoder(self.format, self.quality)),
            video_from=("[sheet]",),
            frame_count=1,
            bounds=frozenset({"bytes"}),
        )
        # Every image has a decoder and a scaler: with a thread for each processor, there would be more
        # threads than memory for them.
        command = Command(
            inputs=[FileInput(image.path, ("-threads", "1", "-noautorotate")) for image in images],
            outputs=[output],
            graph=sheet_graph(sheet, upright, background=self.shown_background),
            filter_threads=1,
        )
        render(command, name=images[0].name, duration_seconds=0, workspace=workspace)
