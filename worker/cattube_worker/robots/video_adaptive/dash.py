"""Fragmented MP4 for DASH, and with CMAF for HLS too: ffmpeg has to see all inputs at once.

Either a file for each segment, or one for each rendition, of which players fetch ranges.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cattube_worker.media.encode.command import Command, FileInput
from cattube_worker.media.encode.length import is_shorter
from cattube_worker.media.encode.render import render
from cattube_worker.media.mp4.segment_index import SingleFile, read_single_file
from cattube_worker.media.streams.dash_manifests import correct_manifest
from cattube_worker.media.streams.playlists import (
    Rendition,
    Segment,
    master_playlist,
    media_playlist,
    without_short_end,
)
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.shared.input_files import OutputFile
from cattube_worker.robots.video_adaptive.renditions import (
    AUDIO_KIND,
    TOLERANCE_SECONDS,
    Packaging,
    RenditionInput,
    check_rendition,
    copied,
    free_name,
    master_playlist_file,
    output_file,
    playlist_file,
    rendition_of,
    segments_of,
    size_name,
    written_text,
)

_FFMPEGS_MASTER = "ffmpegs-own.m3u8"  # its bandwidths are what encoders promised
_MANY_FILES = (
    "-init_seg_name", "init-$RepresentationID$.mp4",
    "-media_seg_name", "segment-$RepresentationID$-$Number$.m4s",
    "-hls_playlist", "1", "-hls_master_name", _FFMPEGS_MASTER,
)  # fmt: skip
# The index of all segments stands in front of them, instead of a part of it in front of each.
_ONE_FILE = (
    "-single_file", "1", "-global_sidx", "1", "-single_file_name", "rendition-$RepresentationID$.mp4",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class _Track:
    """The video or the audio of one input. number: ffmpeg's, in its manifest and in names."""

    number: int
    name: str
    input: RenditionInput
    is_audio: bool


@dataclass(frozen=True, kw_only=True)
class _PackagedTrack:
    """A track once it is packaged. single_file: where its segments lie, when they are all in one file."""

    track: _Track
    rendition: Rendition
    files: list[OutputFile]
    single_file: SingleFile | None = None


def package_dash(
    inputs: Sequence[RenditionInput], packaging: Packaging, folder: Path, workspace: Workspace
) -> list[OutputFile]:
    """The files, playlists and the manifest in `folder`. Raises AssemblyError, Stopped."""
    tracks = _tracks(inputs, taken={Path(packaging.master_name).stem, Path(packaging.hls_master_name).stem})
    manifest = folder / packaging.master_name
    _segment(inputs, tracks, packaging, manifest, workspace)
    gather = _single_file if packaging.is_single_file else _segments
    packaged = [gather(track, packaging, folder) for track in tracks]
    _check_lengths(packaged)
    return [
        *(file for track in packaged for file in track.files),
        *_manifests(packaged, packaging, manifest),
    ]


def _tracks(inputs: Sequence[RenditionInput], *, taken: set[str]) -> list[_Track]:
    """Tracks of all videos, then of all audio. The videos have the same audio: one serves all renditions."""
    videos = [source for source in inputs if source.file.video is not None]
    audio_alone = [source for source in inputs if source.file.video is None]
    audio = audio_alone or [source for source in videos if source.file.has_audio][:1]
    tracks: list[_Track] = []
    for number, source in enumerate([*videos, *audio]):
        is_audio = number >= len(videos)
        plain = "sound" if is_audio else size_name(source.file)
        name = free_name(plain, taken | {track.name for track in tracks})
        tracks.append(_Track(number=number, name=name, input=source, is_audio=is_audio))
    return tracks


def _segment(
    inputs: Sequence[RenditionInput],
    tracks: Sequence[_Track],
    packaging: Packaging,
    manifest: Path,
    workspace: Workspace,
) -> None:
    output = copied(
        manifest,
        video_from=tuple(
            f"{inputs.index(track.input)}:{track.input.file.source.video}"
            for track in tracks
            if not track.is_audio
        ),
        audio_from=tuple(
            f"{inputs.index(track.input)}:{track.input.file.source.audio}"
            for track in tracks
            if track.is_audio
        ),
        container=(
            "-f", "dash", "-seg_duration", str(packaging.segment_seconds),
            "-dash_segment_type", "mp4", "-use_template", "1", "-use_timeline", "1",
            *(_ONE_FILE if packaging.is_single_file else _MANY_FILES),
            "-adaptation_sets", _adaptation_sets(tracks),
        ),
    )  # fmt: skip
    render(
        Command(inputs=[FileInput(source.file.path) for source in inputs], outputs=[output]),
        name=inputs[0].origin.name,
        duration_seconds=max(source.file.duration_seconds for source in inputs),
        workspace=workspace,
    )


def _adaptation_sets(tracks: Sequence[_Track]) -> str:
    """Each video for itself, because ffmpeg compares their shapes to the last pixel."""
    videos = [track.number for track in tracks if not track.is_audio]
    audio = [str(track.number) for track in tracks if track.is_audio]
    sets = [f"id={number},streams={number}" for number in videos]
    return " ".join([*sets, *([f"id={len(sets)},streams={','.join(audio)}"] if audio else [])])


def _segments(track: _Track, packaging: Packaging, folder: Path) -> _PackagedTrack:
    """A file for each segment. ffmpeg's own playlists tell the time of day, so ours take their place."""
    init, playlist = f"init-{track.number}.mp4", folder / f"media_{track.number}.m3u8"
    (folder / _FFMPEGS_MASTER).unlink(missing_ok=True)
    origin = track.input.origin
    segments = segments_of(playlist, track.input)
    playlist.unlink()
    rendition = _rendition(track, segments, uri=playlist.name, head=folder / init)
    files = [output_file(folder / init, origin, relative_path="")]
    files += [
        output_file(folder / segment.uri, origin, relative_path="", segment_index=index)
        for index, segment in enumerate(segments)
    ]
    if packaging.is_hls:
        playlist.write_text(media_playlist(segments, header_uri=init))
        files.append(playlist_file(playlist, track.input, rendition, relative_path=""))
    return _PackagedTrack(track=track, rendition=rendition, files=files)


def _single_file(track: _Track, packaging: Packaging, folder: Path) -> _PackagedTrack:
    path, playlist = folder / f"{track.name}.mp4", folder / f"{track.name}.m3u8"
    (folder / f"rendition-{track.number}.mp4").rename(path)
    single_file = read_single_file(path)
    segments = without_short_end(single_file.segments)
    rendition = _rendition(track, segments, uri=playlist.name, head=path)
    meta: dict[str, Any] = {"stream": track.name, "duration": round(rendition.duration_seconds, 3)}
    if rendition.size is not None:
        meta |= {"width": rendition.size.width, "height": rendition.size.height}
    kind = AUDIO_KIND if track.is_audio else None
    files = [output_file(path, track.input.origin, kind=kind, relative_path="", **meta)]
    if packaging.is_hls:
        text = media_playlist(segments, header_uri=path.name, header_bytes=single_file.header_bytes)
        playlist.write_text(text)
        files.append(playlist_file(playlist, track.input, rendition, relative_path=""))
    return _PackagedTrack(track=track, rendition=rendition, files=files, single_file=single_file)


def _check_lengths(packaged: Sequence[_PackagedTrack]) -> None:
    """Check that what came of an input is as long as it.

    One of video and audio may have ended before the other. Raises InvalidInput.
    """
    video_seconds = _longest(packaged, is_audio=False)
    audio_seconds = _longest(packaged, is_audio=True)
    for item in packaged:
        file = item.track.input.file
        expected = file.duration_seconds
        has_both = file.has_audio and file.video is not None
        is_audio = item.track.is_audio
        other, same = (video_seconds, audio_seconds) if is_audio else (audio_seconds, video_seconds)
        if has_both and not is_shorter(other, than=expected, tolerance_seconds=TOLERANCE_SECONDS):
            expected = min(expected, same)
        check_rendition(item.track.input, item.rendition, expected_seconds=expected)


def _longest(packaged: Sequence[_PackagedTrack], *, is_audio: bool) -> float:
    lengths = (item.rendition.duration_seconds for item in packaged if item.track.is_audio == is_audio)
    return max(lengths, default=0)


def _manifests(packaged: Sequence[_PackagedTrack], packaging: Packaging, manifest: Path) -> list[OutputFile]:
    """The master playlist where there is HLS, and the manifest."""
    renditions = [item.rendition for item in packaged]
    single_files = [item.single_file for item in packaged if item.single_file is not None]
    text = written_text(manifest, packaged[0].track.input)
    manifest.write_text(correct_manifest(text, renditions, files=single_files))
    origin = packaged[0].track.input.origin
    files = [output_file(manifest, origin, relative_path="")]
    if not packaging.is_hls:
        return files
    path = manifest.with_name(packaging.hls_master_name)
    videos = [item.rendition for item in packaged if not item.track.is_audio]
    audio = [item.rendition for item in packaged if item.track.is_audio]
    text = master_playlist(
        videos or audio,
        sounds=audio if videos else (),
        may_have_captions=packaging.may_have_captions,
        version=7,
    )
    path.write_text(text)
    return [master_playlist_file(path, origin, renditions), *files]


def _rendition(track: _Track, segments: Sequence[Segment], *, uri: str, head: Path) -> Rendition:
    return rendition_of(
        track.input,
        segments,
        uri=uri,
        head=head,
        name=track.name,
        has_video=not track.is_audio,
        has_audio=track.is_audio,
    )
