"""/video/adaptive: renditions of a video cut into segments, and the playlists that lead to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from cattube_worker.media.encode.render import check_limits
from cattube_worker.media.encode.step_options.options_reader import yes_or_no
from cattube_worker.media.geometry import Size
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.shared.encode_parameters import (
    EncodeParameters,
    check_options,
    encode_file,
    has_open_values,
)
from cattube_worker.robots.shared.file_robot import FileRobot
from cattube_worker.robots.shared.input_files import InputFile, OutputFile
from cattube_worker.robots.video_adaptive.dash import package_dash
from cattube_worker.robots.video_adaptive.hls import package_hls
from cattube_worker.robots.video_adaptive.renditions import Packaging, RenditionInput, free_name, size_name

_HLS_VIDEO_CODECS, _HLS_AUDIO_CODECS = frozenset({"h264"}), frozenset({"aac", "mp3"})
_MP4_VIDEO_CODECS = frozenset({"h264", "hevc", "av1", "vp9"})
_MP4_AUDIO_CODECS = frozenset({"aac", "opus"})
# Of ffmpeg's options the one that is about the files and not about what is in them.
_SINGLE_FILE = "single_file"


def _check_options(options: dict[str, Any]) -> dict[str, Any]:
    single_file = options.get(_SINGLE_FILE, False)
    if not has_open_values(single_file):
        yes_or_no(_SINGLE_FILE, single_file)
    check_options(_without_single_file(options))
    return options


def _without_single_file(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name != _SINGLE_FILE}


PlaylistName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
AdaptiveFFmpeg = Annotated[dict[str, Any], AfterValidator(_check_options)]


class VideoAdaptive(FileRobot, EncodeParameters):
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
    def _can_be_packaged(self) -> Self:
        if self.technique == "hls" and self.packaging.is_single_file:
            raise ValueError('"single_file" of "ffmpeg" is for the techniques "dash" and "cmaf"')
        if self.technique == "cmaf" and self.master_name == self.hls_playlist_name:
            raise ValueError('"playlist_name" and "hls_playlist_name" must not be the same')
        return self

    def make(self, files: Sequence[InputFile], workspace: Workspace) -> list[OutputFile]:
        usable = [file for file in files if file.video is not None or file.has_audio]
        if not usable:
            return []
        folder = workspace.folder / "adaptive"
        folder.mkdir(exist_ok=True)
        package = package_hls if self.technique == "hls" else package_dash
        outputs = package(self._rendition_inputs(usable, workspace), self.packaging, folder, workspace)
        workspace.report(1.0)
        return outputs

    @property
    def master_name(self) -> str:
        return self.playlist_name or ("playlist.m3u8" if self.technique == "hls" else "playlist.mpd")

    @property
    def packaging(self) -> Packaging:
        return Packaging(
            segment_seconds=self.segment_duration,
            master_name=self.master_name,
            hls_master_name=self.hls_playlist_name,
            is_hls=self.technique != "dash",
            is_single_file=yes_or_no(_SINGLE_FILE, self.ffmpeg.get(_SINGLE_FILE, False)),
            groups_audio=self.audio_group,
            may_have_captions=self.closed_captions,
        )

    @property
    def encoder_options(self) -> Mapping[str, Any]:
        return _without_single_file(self.ffmpeg)

    def _rendition_inputs(self, files: Sequence[InputFile], workspace: Workspace) -> list[RenditionInput]:
        inputs: list[RenditionInput] = []
        sizes: set[Size] = set()
        for index, file in enumerate(files):
            if file.video is not None:
                check_limits(file.video, name=file.name, limits=workspace.limits)
                size = self._packaged_size(file, Size(file.video.width, file.video.height))
                if size in sizes:
                    continue
                sizes.add(size)
            path = workspace.folder / f"rendition-{index}"
            ready = file if self._is_ready(file) else encode_file(self, file, path, workspace)
            taken = {self.master_name, *(source.name for source in inputs)}
            inputs.append(RenditionInput(name=free_name(size_name(ready), taken), file=ready, origin=file))
        return inputs

    def _is_ready(self, file: InputFile) -> bool:
        """True when the file can be packaged as it is."""
        is_hls = self.technique == "hls"
        video_codecs = _HLS_VIDEO_CODECS if is_hls else _MP4_VIDEO_CODECS
        audio_codecs = _HLS_AUDIO_CODECS if is_hls else _MP4_AUDIO_CODECS
        has_video = file.video is not None
        fits = not has_video or file.meta.get("video_codec") in video_codecs
        fits = fits and (not file.has_audio or file.meta.get("audio_codec") in audio_codecs)
        return fits and not self.options.cuts and not (has_video and self.encodes)

    def _packaged_size(self, file: InputFile, size: Size) -> Size:
        """The size of a video of that size once it is packaged."""
        return size if self._is_ready(file) else self.output(file.path).sized(size).size
