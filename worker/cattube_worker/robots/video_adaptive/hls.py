"""HLS of MPEG-TS: each input cut into a folder of its own, and the playlist that leads to all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cattube_worker.media.encode.command import Command, FileInput
from cattube_worker.media.encode.render import render
from cattube_worker.media.streams.playlists import Rendition, master_playlist
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.shared.input_files import OutputFile
from cattube_worker.robots.video_adaptive.renditions import (
    Packaging,
    RenditionInput,
    check_rendition,
    copied,
    master_playlist_file,
    output_file,
    playlist_file,
    rendition_of,
    segments_of,
)


def package_hls(
    inputs: Sequence[RenditionInput], packaging: Packaging, folder: Path, workspace: Workspace
) -> list[OutputFile]:
    """The segments and playlists in `folder`. Raises AssemblyError, Stopped."""
    groups_audio = packaging.groups_audio and any(source.file.video is None for source in inputs)
    files: list[OutputFile] = []
    renditions: list[Rendition] = []
    audio_renditions: list[Rendition] = []
    for source in inputs:
        is_audio = source.file.video is None
        has_audio = is_audio or not groups_audio
        rendition = _segment(source, packaging, folder / source.name, workspace, has_audio=has_audio)
        (audio_renditions if is_audio and groups_audio else renditions).append(rendition)
        files += _files(source, rendition, folder / source.name)
    path = folder / packaging.master_name
    may_have_captions = packaging.may_have_captions
    path.write_text(master_playlist(renditions, sounds=audio_renditions, may_have_captions=may_have_captions))
    return [*files, master_playlist_file(path, inputs[0].origin, [*renditions, *audio_renditions])]


def _segment(
    source: RenditionInput, packaging: Packaging, folder: Path, workspace: Workspace, *, has_audio: bool
) -> Rendition:
    folder.mkdir(exist_ok=True)
    playlist, file = folder / f"{source.name}.m3u8", source.file
    output = copied(
        playlist,
        video_from=(f"0:{file.source.video}",) if file.video else (),
        audio_from=(f"0:{file.source.audio}",) if file.has_audio and has_audio else (),
        container=(
            "-f", "hls", "-hls_time", str(packaging.segment_seconds), "-hls_playlist_type", "vod",
            "-hls_list_size", "0", "-hls_segment_type", "mpegts", "-hls_flags", "independent_segments",
            "-hls_segment_filename", f"file:{folder}/{source.name}_%d.ts",
        ),
    )  # fmt: skip
    render(
        Command(inputs=[FileInput(file.path)], outputs=[output]),
        name=source.origin.name,
        duration_seconds=file.duration_seconds,
        workspace=workspace,
    )
    segments = segments_of(playlist, source)
    rendition = rendition_of(
        source,
        segments,
        uri=f"{source.name}/{playlist.name}",
        head=folder / segments[0].uri,
        has_video=True,
        has_audio=has_audio,
    )
    check_rendition(source, rendition)
    return rendition


def _files(source: RenditionInput, rendition: Rendition, folder: Path) -> list[OutputFile]:
    """The segments of a rendition, and its playlist."""
    segments = [
        output_file(folder / segment.uri, source.origin, relative_path=source.name, segment_index=index)
        for index, segment in enumerate(rendition.segments)
    ]
    playlist = folder / f"{source.name}.m3u8"
    return [*segments, playlist_file(playlist, source, rendition, relative_path=source.name)]
