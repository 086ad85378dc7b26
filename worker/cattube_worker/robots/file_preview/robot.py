"""/file/preview: a small picture of any file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from cattube_worker.media.colors import rgba
from cattube_worker.media.encode.command import Command, FileInput
from cattube_worker.media.encode.output import Output, Words
from cattube_worker.media.encode.render import render
from cattube_worker.media.errors import CommandFailed, InvalidInput
from cattube_worker.media.inspect.stills.exif import set_upright
from cattube_worker.media.stills.encoders import still_encoder
from cattube_worker.media.stills.graph import StillGraph
from cattube_worker.media.stills.icon import icon_png
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.file_preview.category import category_of
from cattube_worker.robots.file_preview.clip import cut_clip
from cattube_worker.robots.file_preview.icon_graph import icon_graph
from cattube_worker.robots.file_preview.parameters import PreviewParameters
from cattube_worker.robots.file_preview.pictures import WAYS, Picture
from cattube_worker.robots.shared.file_robot import FileRobot
from cattube_worker.robots.shared.input_files import InputFile, OutputFile
from cattube_worker.robots.shared.values import font_files

_QUALITY = 85
_LONGEST_EXTENSION = 8
_OPAQUE = 255


class FilePreview(FileRobot, PreviewParameters):
    """One picture for each file, in the first way that gives one.

    Source: Transloadit's `robots/file-preview`.
    """

    name: ClassVar[str] = "/file/preview"

    def make(self, files: Sequence[InputFile], workspace: Workspace) -> list[OutputFile]:
        previews = (self._preview(index, file, workspace) for index, file in enumerate(files))
        return [preview for preview in previews if preview is not None]

    def _preview(self, index: int, file: InputFile, workspace: Workspace) -> OutputFile | None:
        category, path = category_of(file), workspace.folder / f"preview-{index}"
        for way in getattr(self.strategy, category):
            try:
                preview = self._try(way, file, path, workspace)
            except (InvalidInput, CommandFailed):
                continue
            if preview is not None:
                return preview
        return None

    def _try(self, way: str, file: InputFile, path: Path, workspace: Workspace) -> OutputFile | None:
        """The preview made in that way at `path`; None where there is none.

        Raises InvalidInput, CommandFailed, CommandTimeout, Stopped.
        """
        if way == "clip":
            return cut_clip(file, self, path, workspace)
        if way == "icon":
            self._draw_icon(file, path, workspace)
        else:
            picture = WAYS[way](file, self, path.with_name(f"{path.name}-picture"), workspace)
            if picture is None:
                return None
            self._finish(self._resized(picture), picture.path, path, file, workspace)
        return OutputFile(path=path, name=f"{file.basename}.{self.ext}", source=file)

    def _resized(self, picture: Picture) -> StillGraph:
        graph = StillGraph(picture.size)
        graph.then(*set_upright(picture.orientation, picture.size))
        resize = self.resize
        graph.then(resize.filters(graph.size), resize.size(graph.size))
        return graph

    def _draw_icon(self, file: InputFile, path: Path, workspace: Workspace) -> None:
        """The icon of the file's category, with its ending below where there is a font to write it in."""
        icon, words = path.with_name(f"{path.name}-icon"), path.with_name(f"{path.name}-words")
        icon.write_bytes(icon_png(category_of(file)))
        extension = file.ending[:_LONGEST_EXTENSION].upper()
        has_text = bool(extension) and (self.icon_style, self.icon_text_content) == ("with-text", "extension")
        if has_text:
            words.write_text(extension, encoding="utf-8")
            try:
                self._finish(icon_graph(self, words, extension), icon, path, file, workspace, words=words)
            except (InvalidInput, CommandFailed):
                has_text = False
        if not has_text:
            self._finish(icon_graph(self), icon, path, file, workspace)

    def _finish(
        self,
        graph: StillGraph,
        source: Path,
        path: Path,
        file: InputFile,
        workspace: Workspace,
        *,
        words: Path | None = None,
    ) -> None:
        """Write the preview. words: a file that a filter reads."""
        red, green, blue, alpha = rgba(self.background)
        if alpha == _OPAQUE or self.ext == "jpg":
            graph.flatten(red, green, blue)
        if self.ext == "gif":
            graph.few_colors()
        output = Output(
            path=path,
            ext=self.ext,
            video=self._encoder(),
            video_from=("[out]",),
            frame_count=1,
            bounds=frozenset({"bytes"}),
        )
        render(
            Command(inputs=[FileInput(source, ("-noautorotate",))], outputs=[output], graph=graph.text()),
            name=file.name,
            duration_seconds=0,
            workspace=workspace,
            also_reads=[] if words is None else [words, *font_files()],
        )

    def _encoder(self) -> Words:
        if self.ext == "gif":
            return ("-c:v", "gif", "-f", "gif")
        if self.ext != "png":
            return tuple(still_encoder(self.ext, _QUALITY))
        # To the PNG encoder the flag means seven passes, from coarse to fine.
        passes = ("-flags", "+ildct") if self.optimize and self.optimize_progressive else ()
        level = "9" if self.optimize_priority == "compression-ratio" else "6"
        packing = ("-pred", "mixed", "-compression_level", level) if self.optimize else ()
        return (*still_encoder("png", _QUALITY), *packing, *passes)
