"""/image/optimize: the same picture in fewer bytes."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar, Literal

from cattube_worker.media.encode.command import Command, FileInput
from cattube_worker.media.encode.output import Output
from cattube_worker.media.encode.render import render
from cattube_worker.media.errors import CommandFailed, InvalidInput
from cattube_worker.media.inspect.stills.exif import orientation
from cattube_worker.media.process.run import Stopped
from cattube_worker.media.stills import jpeg, png
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.shared.file_robot import FileRobot
from cattube_worker.robots.shared.input_files import InputFile, OutputFile

# A picture is in memory several times.
_MOST_BYTES = 64 * 2**20
_PALETTE = "[0:v:0]split[plain][chosen];[chosen]palettegen=reserve_transparent=0[p];[plain][p]paletteuse[out]"


class ImageOptimize(FileRobot):
    """One picture for each; what cannot become smaller goes on as it is, and what is none is passed over.

    Source: Transloadit's `robots/image-optimize`.
    """

    name: ClassVar[str] = "/image/optimize"

    priority: Literal["compression-ratio", "conversion-speed"] = "compression-ratio"
    progressive: bool = False
    preserve_meta_data: bool = True
    fix_breaking_images: bool = True
    lossy: bool = False

    def make(self, files: Sequence[InputFile], workspace: Workspace) -> list[OutputFile]:
        return [
            self._optimize(file, workspace.folder / f"optimized-{index}", workspace)
            for index, file in enumerate(files)
            if file.type == "image"
        ]

    def _optimize(self, file: InputFile, path: Path, workspace: Workspace) -> OutputFile:
        try:
            data = self._smaller(file, path, workspace)
        except (ValueError, InvalidInput, CommandFailed) as error:
            if not self.fix_breaking_images:
                raise InvalidInput(f'"{file.name}" is damaged: it cannot be optimized.') from error
            data = None
        path.unlink(missing_ok=True)
        if data is None:
            return self.unchanged(file, path)
        path.write_bytes(data)
        return OutputFile(path=path, name=file.name, source=file)

    def _smaller(self, file: InputFile, path: Path, workspace: Workspace) -> bytes | None:
        """The picture in fewer bytes; None for what stays as it is. Raises ValueError where it is damaged."""
        if file.size_bytes > _MOST_BYTES:
            return None
        if file.mime == "image/jpeg" and not self.preserve_meta_data:
            return jpeg.without_metadata(file.path.read_bytes(), orientation=orientation(file.path))
        return self._smaller_png(file, path, workspace) if file.mime == "image/png" else None

    def _smaller_png(self, file: InputFile, path: Path, workspace: Workspace) -> bytes | None:
        file.still_size(workspace.limits)
        given = png.chunks_of(file.path.read_bytes())
        chunks = given if self.preserve_meta_data else png.without_metadata(given)
        candidates = [chunks, *self._candidates(file, chunks, path, workspace)]
        if self.progressive:
            candidates = [chunks for chunks in candidates if png.header_of(chunks).is_interlaced] or [chunks]
        best = min(map(png.png_of, candidates), key=len)
        is_another = len(best) < file.size_bytes or png.header_of(given).is_interlaced != self.progressive
        return best if is_another else None

    def _candidates(
        self, file: InputFile, chunks: list[png.Chunk], path: Path, workspace: Workspace
    ) -> Iterator[list[png.Chunk]]:
        """The picture packed in other ways, the pixels of each the same but for those of a palette."""
        packed = _packed(chunks, level=9 if self.priority == "compression-ratio" else 6, workspace=workspace)
        yield png.with_pixels(chunks, chunks[0], packed)
        if b"acTL" in png.kinds_of(chunks):  # of an animation, ffmpeg would see other frames than the first
            return
        header = png.header_of(chunks)
        for filtering in ("mixed", "none") if self.priority == "compression-ratio" else ("mixed",):
            other = self._encoded(file, path, filtering, workspace)
            if _same_pixels(png.header_of(other), header):
                yield png.with_pixels(chunks, other[0], png.compressed(other))
        if self.lossy and (header.color, header.depth) == (2, 8) and b"tRNS" not in png.kinds_of(chunks):
            yield png.with_palette(chunks, self._encoded(file, path, "none", workspace, graph=_PALETTE))

    def _encoded(
        self, file: InputFile, path: Path, filtering: str, workspace: Workspace, *, graph: str = ""
    ) -> list[png.Chunk]:
        """The parts of what ffmpeg makes of the picture. filtering: of its rows, before they are packed."""
        # To the encoder the flag means seven passes, from coarse to fine.
        passes = ("-flags", "+ildct") if self.progressive else ()
        level = "9" if self.priority == "compression-ratio" else "6"
        output = Output(
            path=path,
            video=(
                "-c:v",
                "png",
                "-pred",
                filtering,
                "-compression_level",
                level,
                *passes,
                "-f",
                "image2pipe",
            ),
            video_from=("[out]",) if graph else ("0:v:0",),
            frame_count=1,
            bounds=frozenset({"bytes"}),
        )
        render(
            Command(inputs=[FileInput(file.path)], outputs=[output], graph=graph),
            name=file.name,
            duration_seconds=0,
            workspace=workspace,
        )
        return png.chunks_of(path.read_bytes())


def _packed(chunks: Sequence[png.Chunk], *, level: int, workspace: Workspace) -> bytes:
    """All pixels packed anew, row by row as they were. Raises ValueError where they are damaged, Stopped."""
    packing = zlib.compressobj(level, zlib.DEFLATED, 15, 9)
    pieces = []
    for piece in png.raw_pieces(chunks):
        if workspace.stop.is_set():
            raise Stopped
        pieces.append(packing.compress(piece))
    return b"".join([*pieces, packing.flush()])


def _same_pixels(one: png.Header, other: png.Header) -> bool:
    """True when the pixels are kept in the same form, in whatever order."""
    return (one.width, one.height, one.depth, one.color) == (
        other.width,
        other.height,
        other.depth,
        other.color,
    )
