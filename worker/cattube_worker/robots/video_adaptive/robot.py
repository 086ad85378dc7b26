"""/video/adaptive: renditions of a video cut into segments, and the playlists that lead to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from cattube_worker.media.encode.ffmpeg_options import yes_or_no
from cattube_worker.media.encode.render import Workspace, check_limits
from cattube_worker.media.geometry import Size
from cattube_worker.robots.shared.base import WorkRobot
from cattube_worker.robots.shared.encode_parameters import Encoding, allowed, encoded, has_open_values
from cattube_worker.robots.shared.input_files import InputFile, OutputFile
from cattube_worker.robots.video_adaptive.dash import cut_to_mp4
from cattube_worker.robots.video_adaptive.hls import cut_for_hls
from cattube_worker.robots.video_adaptive.renditions import Cut, Rung, free_name, size_name

_HLS_PICTURES, _HLS_SOUNDS = frozenset({"h264"}), frozenset({"aac", "mp3"})
_MP4_PICTURES, _MP4_SOUNDS = frozenset({"h264", "hevc", "av1", "vp9"}), frozenset({"aac", "opus"})
# Of ffmpeg's options the one that is about the files and not about what is in them.
_SINGLE_FILE = "single_file"


def _allowed_here(options: dict[str, Any]) -> dict[str, Any]:
    wanted = options.get(_SINGLE_FILE, False)
    if not has_open_values(wanted):
        yes_or_no(_SINGLE_FILE, wanted)
    allowed(_without_single_file(options))
    return options


def _without_single_file(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name != _SINGLE_FILE}


PlaylistName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
AdaptiveFFmpeg = Annotated[dict[str, Any], AfterValidator(_allowed_here)]


class VideoAdaptive(WorkRobot, Encoding):
    """All files of a bundle become the renditions of one video, of those of one size the first.

    What is H.264 and AAC already (or, for DASH, another codec that browsers know) is cut as it is.
    Source: Transloadit docs, "/video/adaptive".
    """

    name: ClassVar[str] = "/video/adaptive"

    technique: Literal["dash", "hls", "cmaf"] = "dash"
    playlist_name: PlaylistName | None = None
    hls_playlist_name: PlaylistName = "playlist.m3u8"
    segment_duration: int = Field(10, ge=1, le=600)
    closed_captions: bool = True
    audio_group: bool = False
    ffmpeg: AdaptiveFFmpeg = {}

    @model_validator(mode="after")
    def _can_be_cut_like_that(self) -> Self:
        if self.technique == "hls" and self.cut.is_single_file:
            raise ValueError('"single_file" of "ffmpeg" is for the techniques "dash" and "cmaf"')
        if self.technique == "cmaf" and self.master_name == self.hls_playlist_name:
            raise ValueError('"playlist_name" and "hls_playlist_name" must not be the same')
        return self

    def make(self, sources: Sequence[InputFile], workspace: Workspace) -> list[OutputFile]:
        usable = [each for each in sources if each.picture is not None or each.has_audio]
        if not usable:
            return []
        folder = workspace.folder / "adaptive"
        folder.mkdir(exist_ok=True)
        cut_all = cut_for_hls if self.technique == "hls" else cut_to_mp4
        made = cut_all(self._rungs(usable, workspace), self.cut, folder, workspace)
        workspace.report(1.0)
        return made

    @property
    def master_name(self) -> str:
        return self.playlist_name or ("playlist.m3u8" if self.technique == "hls" else "playlist.mpd")

    @property
    def cut(self) -> Cut:
        return Cut(
            segment_seconds=self.segment_duration,
            master_name=self.master_name,
            hls_master_name=self.hls_playlist_name,
            is_hls=self.technique != "dash",
            is_single_file=yes_or_no(_SINGLE_FILE, self.ffmpeg.get(_SINGLE_FILE, False)),
            groups_sound=self.audio_group,
            may_have_captions=self.closed_captions,
        )

    @property
    def asked(self) -> Mapping[str, Any]:
        return _without_single_file(self.ffmpeg)

    def _rungs(self, sources: Sequence[InputFile], workspace: Workspace) -> list[Rung]:
        rungs: list[Rung] = []
        sizes: set[Size] = set()
        for index, source in enumerate(sources):
            picture = source.picture
            if picture is not None:
                check_limits(picture, name=source.name, limits=workspace.limits)
                size = self._size(source, Size(picture.width, picture.height))
                if size in sizes:
                    continue
                sizes.add(size)
            is_ready = self._is_ready(source)
            path = workspace.folder / f"rung-{index}"
            ready = source if is_ready else encoded(self, source, path, workspace)
            taken = {self.master_name, *(each.name for each in rungs)}
            rungs.append(Rung(name=free_name(size_name(ready), taken), source=ready, origin=source))
        return rungs

    def _is_ready(self, source: InputFile) -> bool:
        """Whether the file can be cut as it is."""
        is_hls = self.technique == "hls"
        pictures, sounds = (_HLS_PICTURES, _HLS_SOUNDS) if is_hls else (_MP4_PICTURES, _MP4_SOUNDS)
        is_seen = source.picture is not None
        fits = not is_seen or source.meta.get("video_codec") in pictures
        fits = fits and (not source.has_audio or source.meta.get("audio_codec") in sounds)
        return fits and not self.cuts and not (is_seen and self.encodes)

    def _size(self, source: InputFile, own: Size) -> Size:
        """Of its pictures when they are cut."""
        return own if self._is_ready(source) else self.target().sized(own).size
