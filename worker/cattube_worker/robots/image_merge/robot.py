"""/image/merge: several pictures on one sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from cattube_worker.media.encode.command import QUIETLY, WITHOUT_TRACES, opened
from cattube_worker.media.encode.render import Workspace, run_ffmpeg
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.geometry import Size
from cattube_worker.media.inspect.exif import orientation, set_upright
from cattube_worker.media.stills.encoders import LONGEST_SIDE, StillFormat, still_encoder
from cattube_worker.media.stills.sprite_sheet import Grid, Sheet, one_below_another, sheet_graph, side_by_side
from cattube_worker.robots.shared.base import WorkRobot
from cattube_worker.robots.shared.colors import ColorName, rgb
from cattube_worker.robots.shared.images import NotHere, size_of
from cattube_worker.robots.shared.input_files import InputFile, OutputFile
from cattube_worker.robots.shared.order import Ordered

MOST_PICTURES = 200
_MOST_PIXELS = 100_000_000
# All of them are in memory at once.
MOST_PIXELS_READ = 400_000_000


class ImageMerge(WorkRobot, Ordered):
    """One picture of all pictures in a bundle; what is no picture is passed over.

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

    # Not done here: it is refused, because a plain sheet would not be the picture asked for.
    effect: NotHere = False

    # Accepted, and without effect: they are about "effect", and about how a PNG is packed.
    width: int | None = Field(None, ge=1)
    height: int | None = Field(None, ge=1)
    seed: int | None = None
    shuffle: bool = False
    coverage: float | None = Field(None, ge=0.5, le=3)
    adaptive_filtering: bool = False

    def make(self, sources: Sequence[InputFile], workspace: Workspace) -> list[OutputFile]:
        pictures = self.in_order([each for each in sources if self._takes(each)], role="image")
        if not pictures:
            return []
        if len(pictures) > MOST_PICTURES:
            raise InvalidInput(f"{len(pictures)} pictures are too many: {MOST_PICTURES} are allowed.")
        natural = [size_of(each, workspace) for each in pictures]
        if sum(size.width * size.height for size in natural) > MOST_PIXELS_READ:
            raise InvalidInput(
                f"Together, the pictures have more than {MOST_PIXELS_READ // 10**6} million pixels: "
                "make them smaller first."
            )
        upright = [
            set_upright(orientation(each.path), size) for each, size in zip(pictures, natural, strict=True)
        ]
        sheet = self._sheet([size for _, size in upright])
        self._render_once(pictures, sheet, [filters for filters, _ in upright], workspace)
        workspace.report(1.0)
        name = f"{pictures[0].basename}.{self.format}"
        return [OutputFile(path=workspace.folder / "sheet", name=name, source=pictures[0])]

    def check(self, size: Size) -> None:
        """Raises InvalidInput when a sheet would be too large."""
        longest = LONGEST_SIDE.get(self.format, _MOST_PIXELS)
        if size.width * size.height > _MOST_PIXELS or max(size.width, size.height) > longest:
            raise InvalidInput(f"The picture would become too large: {size.width} x {size.height} pixels.")

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
    def shown_background(self) -> tuple[int, int, int] | None:
        """Red, green and blue; None where it is see-through. A JPEG never is."""
        return rgb(self.background) or ((255, 255, 255) if self.format == "jpg" else None)

    def _takes(self, source: InputFile) -> bool:
        return source.type == "image" or bool(self.force_accept and source.meta.get("width"))

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

    def _render_once(
        self,
        pictures: Sequence[InputFile],
        sheet: Sheet,
        upright: Sequence[Sequence[str]],
        workspace: Workspace,
    ) -> None:
        # Every picture has a decoder and a scaler: with a thread for each processor, there would be more
        # threads than memory for them.
        inputs = [
            word
            for each in pictures
            for word in opened(each.path, workspace.limits, "-threads", "1", "-noautorotate")
        ]
        run_ffmpeg(
            [
                *QUIETLY,
                *inputs,
                *("-filter_complex_threads", "1"),
                *("-filter_complex", sheet_graph(sheet, upright, background=self.shown_background)),
                *("-map", "[sheet]", "-frames:v", "1"),
                *WITHOUT_TRACES,
                *("-fs", str(workspace.limits.max_output_bytes)),
                *still_encoder(self.format, self.quality),
                f"file:{workspace.folder / 'sheet'}",
            ],
            reads=[each.path for each in pictures],
            name=pictures[0].name,
            duration_seconds=0,
            workspace=workspace,
        )
