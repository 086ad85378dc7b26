"""/video/subtitle: a video with subtitles, as a track of their own or in its pictures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from cattube_worker.media.encode.command import QUIETLY, WITHOUT_TRACES, opened
from cattube_worker.media.encode.render import Workspace, check_limits, run_ffmpeg
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.geometry import Size
from cattube_worker.media.subtitles import (
    MOST_BYTES,
    BorderStyle,
    Cue,
    Style,
    ass,
    in_filter,
    part_of,
    read_cues,
    srt,
)
from cattube_worker.robots.shared.base import WorkRobot
from cattube_worker.robots.shared.concat.run import whole
from cattube_worker.robots.shared.encode_parameters import Encoding, encoded
from cattube_worker.robots.shared.input_files import InputFile, OutputFile, in_role
from cattube_worker.robots.video_encode.robot import Position

AlphaFirst = Annotated[str, Field(pattern=r"^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})$")]

# Of each ending: its format, and the form subtitles have in it.
_TRACKS = {"mp4": ("mp4", "mov_text"), "mkv": ("matroska", "subrip"), "webm": ("webm", "webvtt")}
_FITS_MP4 = frozenset({"h264", "hevc", "av1"}), frozenset({"aac", "mp3", "opus", "alac"})
_FONTS = Path("/etc/fonts")
MOST_TRACKS = 32


def _burned(value: Any) -> Any:
    return "burned" if value == "burn" else value


@dataclass(frozen=True, kw_only=True)
class Track:
    """The subtitles of one file. language: three letters."""

    cues: Sequence[Cue]
    language: str | None
    title: str | None


class VideoSubtitle(WorkRobot, Encoding):
    """The video of a bundle with the cues of the SRT or VTT files beside it.

    Source: Transloadit docs, "/video/subtitle".
    """

    name: ClassVar[str] = "/video/subtitle"

    subtitles_type: Annotated[Literal["external", "burned"], BeforeValidator(_burned)] = "external"
    border_style: BorderStyle = "outline"
    border_color: AlphaFirst = "40000000"
    font: str = Field("Arial", pattern=r"^[A-Za-z0-9 _.-]{1,64}$")
    font_color: AlphaFirst = "FFFFFF"
    font_size: int = Field(16, ge=1, le=288)
    bold: bool = False
    italic: bool = False
    outline_width: int | None = Field(None, ge=0, le=10)
    position: Position = "bottom"
    language: str | None = Field(None, pattern=r"^[A-Za-z]{3}$")
    track_name: str | None = Field(None, alias="name", max_length=100)
    keep_subtitles: bool = False

    def make(self, sources: Sequence[InputFile], workspace: Workspace) -> list[OutputFile]:
        video = next((each for each in sources if each.picture is not None), None)
        texts = in_role(sources, "subtitle", "subtitles") or [each for each in sources if _is_text(each)]
        if video is None or video.picture is None:
            return []
        if not texts:
            raise InvalidInput(f'There are no subtitles beside "{video.name}": give an SRT or VTT file.')
        if len(texts) > MOST_TRACKS:
            raise InvalidInput(f"{len(texts)} subtitle files are too many: {MOST_TRACKS} are allowed.")
        check_limits(video.picture, name=video.name, limits=workspace.limits)
        tracks = [self._track(each, is_first=index == 0) for index, each in enumerate(texts)]
        path = workspace.folder / "subtitled"
        if self.subtitles_type == "burned":
            ext = self._burn(video, tracks, path, workspace)
        else:
            ext = self._add_tracks(video, tracks, path, workspace)
        whole(video, path, self.target().own.at_least(video.duration_seconds), workspace)
        workspace.report(1.0)
        return [OutputFile(path=path, name=f"{video.basename}.{ext}", source=video)]

    def _track(self, text: InputFile, *, is_first: bool) -> Track:
        """The first file is called as the step says; others by their names, "cat.deu.srt" being German."""
        with text.path.open("rb") as file:
            cues = read_cues(file.read(MOST_BYTES))
        if not cues:
            raise InvalidInput(f'"{text.name}" holds no subtitles we can read.')
        _, _, ending = text.basename.rpartition(".")
        own_language = ending.lower() if re.fullmatch(r"[A-Za-z]{3}", ending) else None
        return Track(
            cues=cues,
            language=(self.language if is_first else None) or own_language,
            title=(self.track_name if is_first else None) or (None if is_first else text.basename),
        )

    def _burn(self, video: InputFile, tracks: Sequence[Track], path: Path, workspace: Workspace) -> str:
        picture, target = video.picture, self.target()
        size = Size(picture.width, picture.height) if picture else Size(2, 2)
        sized = target.sized(size)
        script = workspace.folder / "subtitles.ass"
        cues = sorted((cue for track in tracks for cue in track.cues), key=lambda cue: cue.start_seconds)
        script.write_text(ass(cues, self._style(), sized.size), encoding="utf-8")
        filters = (*sized.filters, f"ass=filename={in_filter(str(script))}", *target.picture_filters())
        has_audio = video.has_audio and target.audio is not None
        sound = ("-map", "0:a:0", *target.sound_filter()) if has_audio else ()
        run_ffmpeg(
            [
                *QUIETLY, *opened(video.path, workspace.limits), "-map", "0:V:0", "-vf", ",".join(filters),
                *sound, *WITHOUT_TRACES,
                *target.output(
                    path, workspace.limits, has_audio=has_audio, seconds=video.duration_seconds
                ),
            ],
            # What tells libass which fonts there are lies outside of /usr.
            reads=[video.path, *([_FONTS] if _FONTS.is_dir() else [])],
            name=video.name,
            duration_seconds=target.own.part_of(video.duration_seconds),
            workspace=workspace,
        )  # fmt: skip
        return target.ext

    def _add_tracks(self, video: InputFile, tracks: Sequence[Track], path: Path, workspace: Workspace) -> str:
        ext = self.target().ext if self.encodes else "mp4"
        if ext not in _TRACKS:
            raise InvalidInput(f'A file ending in ".{ext}" holds no subtitles: use mp4, webm or mkv.')
        ready = self._ready(video, workspace)
        listings = self._listings(video, tracks, workspace)
        container, codec = _TRACKS[ext]
        number = int(video.meta.get("num_subtitles") or 0) if self.keep_subtitles and ready is video else 0
        kept = ["-map", "0:s?"] if self.keep_subtitles else []
        # What they are called goes along, unlike everything else the file says about itself.
        called = [word for at in range(number) for word in (f"-map_metadata:s:s:{at}", f"0:s:s:{at}")]
        inputs = [word for each in listings for word in ("-f", "srt", "-i", f"file:{each}")]
        maps = [word for index in range(len(tracks)) for word in ("-map", f"{index + 1}:0")]
        titles = [word for index, each in enumerate(tracks) for word in _titles(each, number + index)]
        run_ffmpeg(
            [
                *QUIETLY, *opened(ready.path, workspace.limits), *inputs,
                "-map", "0:V:0", "-map", "0:a?", *kept, *maps, "-c", "copy", "-c:s", codec,
                *WITHOUT_TRACES, *called, *titles, "-f", container,
                *(("-movflags", "+faststart") if ext == "mp4" else ()), f"file:{path}",
            ],
            reads=[ready.path, *listings],
            name=video.name,
            duration_seconds=ready.duration_seconds,
            workspace=workspace,
        )  # fmt: skip
        return ext

    def _ready(self, video: InputFile, workspace: Workspace) -> InputFile:
        """The video as it is, where that can be kept, else encoded."""
        pictures, sounds = _FITS_MP4
        fits = video.meta.get("video_codec") in pictures
        fits = fits and (not video.has_audio or video.meta.get("audio_codec") in sounds)
        if fits and not self.encodes:
            return video
        return encoded(self, video, workspace.folder / "ready", workspace)

    def _listings(self, video: InputFile, tracks: Sequence[Track], workspace: Workspace) -> list[Path]:
        """Each track's cues as a file, in the time of the part that is kept of the video."""
        own, listings = self.target().own, []
        for index, track in enumerate(tracks):
            cues: Sequence[Cue] = track.cues
            if own.cuts:
                start = own.starts_at_seconds
                cues = part_of(cues, start, start + own.part_of(video.duration_seconds))
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


def _titles(track: Track, number: int) -> list[str]:
    stream, words = f"-metadata:s:s:{number}", []
    if track.language:
        words += [stream, f"language={track.language.lower()}"]
    if track.title:
        visible = "".join(each for each in track.title if each.isprintable())
        words += [stream, f"title={visible}", stream, f"handler_name={visible}"]
    return words


def _is_text(source: InputFile) -> bool:
    role = source.role or ""
    return source.picture is None and (
        role.startswith("subtitle") or source.ext.lower() in {"srt", "vtt"} or source.mime == "text/vtt"
    )
