"""/video/subtitle: a video with subtitles, as a track of their own or in its frames."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from cattube_worker.media.encode.command import Command, FileInput, TextInput
from cattube_worker.media.encode.filters.normalization import normalization_with
from cattube_worker.media.encode.output import WITHOUT_METADATA, Output
from cattube_worker.media.encode.render import check_limits, render
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.filter_escaping import in_filter
from cattube_worker.media.geometry import Size, keep_shape
from cattube_worker.media.inspect.video_facts import VideoFacts
from cattube_worker.media.subtitles.ass_script import BorderStyle, Style, ass
from cattube_worker.media.subtitles.cues import Cue, part_of
from cattube_worker.media.subtitles.reading import MOST_BYTES, read_cues
from cattube_worker.media.subtitles.writing import srt
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.shared.encode_parameters import EncodeParameters, encode_file, read_back_whole
from cattube_worker.robots.shared.file_robot import FileRobot
from cattube_worker.robots.shared.input_files import InputFile, OutputFile, in_role
from cattube_worker.robots.shared.values import AlphaFirstColor, FontName, Position, font_files

# Of each ending: its format, and the form subtitles have in it.
_TRACKS = {"mp4": ("mp4", "mov_text"), "mkv": ("matroska", "subrip"), "webm": ("webm", "webvtt")}
_MP4_VIDEO_CODECS = frozenset({"h264", "hevc", "av1"})
_MP4_AUDIO_CODECS = frozenset({"aac", "mp3", "opus", "alac"})
MOST_TRACKS = 32


def _burned(value: Any) -> Any:
    return "burned" if value == "burn" else value


@dataclass(frozen=True, kw_only=True)
class SubtitleTrack:
    """The subtitles of one file. language: three letters."""

    cues: Sequence[Cue]
    language: str | None
    title: str | None


class VideoSubtitle(FileRobot, EncodeParameters):
    """The video of a bundle with the cues of the SRT or VTT files beside it.

    Source: Transloadit docs, "/video/subtitle".
    """

    name: ClassVar[str] = "/video/subtitle"

    subtitles_type: Annotated[Literal["external", "burned"], BeforeValidator(_burned)] = "external"
    border_style: BorderStyle = "outline"
    border_color: AlphaFirstColor = "40000000"
    font: FontName = "Arial"
    font_color: AlphaFirstColor = "FFFFFF"
    font_size: int = Field(16, ge=1, le=288)
    bold: bool = False
    italic: bool = False
    outline_width: int | None = Field(None, ge=0, le=10)
    position: Position = "bottom"
    language: str | None = Field(None, pattern=r"^[A-Za-z]{3}$")
    track_name: str | None = Field(None, alias="name", max_length=100)
    keep_subtitles: bool = False

    def make(self, files: Sequence[InputFile], workspace: Workspace) -> list[OutputFile]:
        video = next((file for file in files if file.video is not None), None)
        texts = in_role(files, "subtitle", "subtitles") or [file for file in files if _is_text(file)]
        if video is None or video.video is None:
            return []
        if not texts:
            raise InvalidInput(f'There are no subtitles beside "{video.name}": give an SRT or VTT file.')
        if len(texts) > MOST_TRACKS:
            raise InvalidInput(f"{len(texts)} subtitle files are too many: {MOST_TRACKS} are allowed.")
        check_limits(video.video, name=video.name, limits=workspace.limits)
        tracks = [self._track(text, is_first=index == 0) for index, text in enumerate(texts)]
        output = self.output(workspace.folder / "subtitled", seconds=video.duration_seconds)
        if self.subtitles_type == "burned":
            self._burn(video, video.video, tracks, output, workspace)
        else:
            output = self._add_tracks(video, tracks, output, workspace)
        read_back_whole(video, output, workspace)
        workspace.report(1.0)
        return [OutputFile(path=output.path, name=f"{video.basename}.{output.ext}", source=video)]

    def _track(self, text: InputFile, *, is_first: bool) -> SubtitleTrack:
        """The first file is called as the step says; others by their names, "cat.deu.srt" being German."""
        with text.path.open("rb") as file:
            cues = read_cues(file.read(MOST_BYTES))
        if not cues:
            raise InvalidInput(f'"{text.name}" holds no subtitles we can read.')
        _, _, ending = text.basename.rpartition(".")
        own_language = ending.lower() if re.fullmatch(r"[A-Za-z]{3}", ending) else None
        return SubtitleTrack(
            cues=cues,
            language=(self.language if is_first else None) or own_language,
            title=(self.track_name if is_first else None) or (None if is_first else text.basename),
        )

    def _burn(
        self,
        video: InputFile,
        facts: VideoFacts,
        tracks: Sequence[SubtitleTrack],
        output: Output,
        workspace: Workspace,
    ) -> None:
        sized = output.sized(Size(facts.width, facts.height))
        script = workspace.folder / "subtitles.ass"
        cues = sorted((cue for track in tracks for cue in track.cues), key=lambda cue: cue.start_seconds)
        script.write_text(ass(cues, self._style(), sized.size), encoding="utf-8")
        burning = f"ass=filename={in_filter(str(script))}"
        shown = Size(facts.width, facts.height)
        plain = normalization_with(facts, workspace.tools).around(keep_shape(sized.filters, shown))
        output = replace(output, audio=output.audio if video.has_audio else None)
        output = output.from_source(video.source, filters=(*plain, burning, *output.last_filters()))
        render(
            Command(inputs=[FileInput(video.path, video.source.options)], outputs=[output]),
            name=video.name,
            duration_seconds=output.lasts_seconds or 0,
            workspace=workspace,
            also_reads=font_files(),
        )

    def _add_tracks(
        self, video: InputFile, tracks: Sequence[SubtitleTrack], output: Output, workspace: Workspace
    ) -> Output:
        """The output with each of the tracks in it."""
        ext = output.ext if self.encodes else "mp4"
        if ext not in _TRACKS:
            raise InvalidInput(f'A file ending in ".{ext}" holds no subtitles: use mp4, webm or mkv.')
        ready = self._ready(video, workspace)
        with_tracks = self._with_tracks(output, ext, video, ready, tracks)
        listings = self._listings(video, tracks, workspace)
        render(
            Command(
                inputs=[FileInput(ready.path), *[TextInput(listing, "srt") for listing in listings]],
                outputs=[with_tracks],
            ),
            name=video.name,
            duration_seconds=ready.duration_seconds,
            workspace=workspace,
        )
        return with_tracks

    def _with_tracks(
        self, output: Output, ext: str, video: InputFile, ready: InputFile, tracks: Sequence[SubtitleTrack]
    ) -> Output:
        """The output that has the tracks and copies the rest. ready: the video as it can be copied."""
        container, codec = _TRACKS[ext]
        is_kept = self.keep_subtitles and ready is video
        kept_count = int(video.meta.get("num_subtitles") or 0) if is_kept else 0
        # What they are called goes along, unlike everything else the file says about itself.
        kept_names = [word for at in range(kept_count) for word in (f"-map_metadata:s:s:{at}", f"0:s:s:{at}")]
        names = [word for index, track in enumerate(tracks) for word in _metadata(track, kept_count + index)]
        return Output(
            path=output.path,
            ext=ext,
            video=("-c:v", "copy"),
            audio=("-c:a", "copy"),
            video_from=(f"0:{ready.source.video}",),
            # All languages; but a first one that is not to be heard may be none that can be copied.
            audio_from=(f"0:{ready.source.audio}" if "audio_stream" in ready.meta else "0:a?",),
            subtitles=("-c:s", codec),
            subtitles_from=(
                *(("0:s?",) if self.keep_subtitles else ()),
                *(f"{index + 1}:0" for index in range(len(tracks))),
            ),
            container=("-f", container, *(("-movflags", "+faststart") if ext == "mp4" else ())),
            metadata=(*WITHOUT_METADATA, *kept_names, *names),
            expected_seconds=output.expected_seconds,
            bounds=frozenset(),
        )

    def _ready(self, video: InputFile, workspace: Workspace) -> InputFile:
        """The video as it is, where that can be copied, else encoded."""
        fits = video.meta.get("video_codec") in _MP4_VIDEO_CODECS
        fits = fits and (not video.has_audio or video.meta.get("audio_codec") in _MP4_AUDIO_CODECS)
        if fits and not self.encodes:
            return video
        return encode_file(self, video, workspace.folder / "ready", workspace)

    def _listings(
        self, video: InputFile, tracks: Sequence[SubtitleTrack], workspace: Workspace
    ) -> list[Path]:
        """Each track's cues as a file, in the time of the part that is kept of the video."""
        options, listings = self.options, []
        for index, track in enumerate(tracks):
            cues: Sequence[Cue] = track.cues
            if options.cuts:
                start = options.starts_at_seconds
                cues = part_of(cues, start, start + options.part_of(video.duration_seconds))
            listings.append(workspace.folder / f"subtitles-{index}.srt")
            listings[-1].write_text(srt(cues), encoding="utf-8")
        return listings

    def _style(self) -> Style:
        return Style(
            font=self.font,
            font_size=self.font_size,
            font_color=self.font_color,
            border_style=self.border_style,
            border_color=self.border_color,
            outline_width=self.outline_width,
            position=self.position,
            is_bold=self.bold,
            is_italic=self.italic,
        )


def _metadata(track: SubtitleTrack, number: int) -> list[str]:
    stream, words = f"-metadata:s:s:{number}", []
    if track.language:
        words += [stream, f"language={track.language.lower()}"]
    if track.title:
        visible = "".join(character for character in track.title if character.isprintable())
        words += [stream, f"title={visible}", stream, f"handler_name={visible}"]
    return words


def _is_text(file: InputFile) -> bool:
    role = file.role or ""
    return file.video is None and (
        role.startswith("subtitle") or file.ext.lower() in {"srt", "vtt"} or file.mime == "text/vtt"
    )
