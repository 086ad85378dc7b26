"""HLS of MPEG-TS: each rung cut into a folder of its own, and the playlist that leads to all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cattube_worker.media.encode.command import QUIETLY, WITHOUT_TRACES, opened
from cattube_worker.media.encode.render import Workspace, run_ffmpeg
from cattube_worker.media.streams.playlists import Rendition, master_playlist
from cattube_worker.robots.shared.input_files import OutputFile
from cattube_worker.robots.video_adaptive.renditions import (
    Cut,
    Rung,
    check_length,
    master_product,
    playlist_product,
    product,
    rendition_of,
    segments_of,
)


def cut_for_hls(rungs: Sequence[Rung], cut: Cut, folder: Path, workspace: Workspace) -> list[OutputFile]:
    """The segments and playlists in `folder`. Raises AssemblyError, Stopped."""
    groups_sound = cut.groups_sound and any(each.source.picture is None for each in rungs)
    products: list[OutputFile] = []
    renditions: list[Rendition] = []
    sounds: list[Rendition] = []
    for rung in rungs:
        is_sound = rung.source.picture is None
        is_heard = is_sound or not groups_sound
        rendition = _cut_one(rung, cut, folder / rung.name, workspace, is_heard=is_heard)
        (sounds if is_sound and groups_sound else renditions).append(rendition)
        products += _pieces(rung, rendition, folder / rung.name)
    path = folder / cut.master_name
    path.write_text(master_playlist(renditions, sounds=sounds, may_have_captions=cut.may_have_captions))
    return [*products, master_product(path, rungs[0].origin, [*renditions, *sounds])]


def _cut_one(rung: Rung, cut: Cut, folder: Path, workspace: Workspace, *, is_heard: bool) -> Rendition:
    folder.mkdir(exist_ok=True)
    playlist = folder / f"{rung.name}.m3u8"
    source = rung.source
    maps = ["-map", "0:V:0"] if source.picture else []
    maps += ["-map", "0:a:0"] if source.has_audio and is_heard else []
    run_ffmpeg(
        [
            *QUIETLY, *opened(source.path, workspace.limits), *maps, "-c", "copy", *WITHOUT_TRACES,
            "-f", "hls", "-hls_time", str(cut.segment_seconds), "-hls_playlist_type", "vod",
            "-hls_list_size", "0", "-hls_segment_type", "mpegts", "-hls_flags", "independent_segments",
            "-hls_segment_filename", f"file:{folder}/{rung.name}_%d.ts", f"file:{playlist}",
        ],
        reads=[source.path],
        name=rung.origin.name,
        duration_seconds=source.duration_seconds,
        workspace=workspace,
    )  # fmt: skip
    segments = segments_of(playlist, rung)
    rendition = rendition_of(
        rung,
        segments,
        uri=f"{rung.name}/{playlist.name}",
        head=folder / segments[0].uri,
        is_seen=True,
        is_heard=is_heard,
    )
    check_length(rung, rendition.duration_seconds)
    return rendition


def _pieces(rung: Rung, rendition: Rendition, folder: Path) -> list[OutputFile]:
    """The segments of a rendition, and its playlist."""
    segments = [
        product(folder / each.uri, rung.origin, relative_path=rung.name, segment_index=index)
        for index, each in enumerate(rendition.segments)
    ]
    playlist = folder / f"{rung.name}.m3u8"
    return [*segments, playlist_product(playlist, rung, rendition, relative_path=rung.name)]
