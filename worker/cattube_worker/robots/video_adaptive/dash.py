"""Fragmented MP4 for DASH, and with CMAF for HLS too: ffmpeg has to see all rungs at once.

Either a file for each segment, or one for each rendition, of which players fetch ranges.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cattube_worker.media.encode.command import QUIETLY, WITHOUT_TRACES, opened
from cattube_worker.media.encode.render import Workspace, run_ffmpeg
from cattube_worker.media.errors import CommandFailed
from cattube_worker.media.mp4.segment_index import SingleFile, read_single_file
from cattube_worker.media.streams.dash_manifests import correct_manifest
from cattube_worker.media.streams.playlists import Rendition, Segment, master_playlist, media_playlist
from cattube_worker.robots.shared.input_files import OutputFile
from cattube_worker.robots.video_adaptive.renditions import (
    SOUND_KIND,
    Cut,
    Rung,
    check_length,
    free_name,
    is_shorter,
    master_product,
    playlist_product,
    product,
    rendition_of,
    segments_of,
    size_name,
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
    """The pictures or the sound of one rung. number: ffmpeg's, in its manifest and in names."""

    number: int
    name: str
    rung: Rung
    is_sound: bool


@dataclass(frozen=True, kw_only=True)
class _Made:
    """What became of a track. single: where its segments lie, when they are all in one file."""

    track: _Track
    rendition: Rendition
    pieces: list[OutputFile]
    single: SingleFile | None = None


def cut_to_mp4(rungs: Sequence[Rung], cut: Cut, folder: Path, workspace: Workspace) -> list[OutputFile]:
    """The files, playlists and the manifest in `folder`. Raises AssemblyError, Stopped."""
    tracks = _tracks(rungs, taken={Path(cut.master_name).stem, Path(cut.hls_master_name).stem})
    manifest = folder / cut.master_name
    _run(rungs, tracks, cut, manifest, workspace)
    if not manifest.is_file():
        raise CommandFailed(f'"{rungs[0].origin.name}" could not be cut into segments.')
    gathered = _single_file if cut.is_single_file else _segments
    made = [gathered(each, cut, folder) for each in tracks]
    _check_lengths(made)
    return [piece for each in made for piece in each.pieces] + _ways_in(made, cut, manifest)


def _tracks(rungs: Sequence[Rung], *, taken: set[str]) -> list[_Track]:
    """All pictures, then all sound. One sound serves all renditions: those of the videos are the same."""
    pictures = [each for each in rungs if each.source.picture is not None]
    alone = [each for each in rungs if each.source.picture is None]
    sounds = alone or [each for each in pictures if each.source.has_audio][:1]
    tracks: list[_Track] = []
    for number, rung in enumerate([*pictures, *sounds]):
        is_sound = number >= len(pictures)
        plain = "sound" if is_sound else size_name(rung.source)
        name = free_name(plain, taken | {each.name for each in tracks})
        tracks.append(_Track(number=number, name=name, rung=rung, is_sound=is_sound))
    return tracks


def _run(
    rungs: Sequence[Rung], tracks: Sequence[_Track], cut: Cut, manifest: Path, workspace: Workspace
) -> None:
    maps = [
        word
        for each in tracks
        for word in ("-map", f"{rungs.index(each.rung)}:{'a:0' if each.is_sound else 'V:0'}")
    ]
    run_ffmpeg(
        [
            *QUIETLY, *[word for each in rungs for word in opened(each.source.path, workspace.limits)],
            *maps, "-c", "copy", *WITHOUT_TRACES, "-f", "dash", "-seg_duration", str(cut.segment_seconds),
            "-dash_segment_type", "mp4", "-use_template", "1", "-use_timeline", "1",
            *(_ONE_FILE if cut.is_single_file else _MANY_FILES),
            "-adaptation_sets", _sets(tracks), f"file:{manifest}",
        ],
        reads=[each.source.path for each in rungs],
        name=rungs[0].origin.name,
        duration_seconds=max(each.source.duration_seconds for each in rungs),
        workspace=workspace,
    )  # fmt: skip


def _sets(tracks: Sequence[_Track]) -> str:
    """Each picture for itself, because ffmpeg compares their shapes to the last pixel."""
    pictures = [each.number for each in tracks if not each.is_sound]
    sounds = [str(each.number) for each in tracks if each.is_sound]
    sets = [f"id={number},streams={number}" for number in pictures]
    return " ".join([*sets, *([f"id={len(sets)},streams={','.join(sounds)}"] if sounds else [])])


def _segments(track: _Track, cut: Cut, folder: Path) -> _Made:
    """A file for each segment. ffmpeg's own playlists tell the time of day, so ours take their place."""
    init, playlist = f"init-{track.number}.mp4", folder / f"media_{track.number}.m3u8"
    (folder / _FFMPEGS_MASTER).unlink(missing_ok=True)
    origin = track.rung.origin
    segments = segments_of(playlist, track.rung)
    playlist.unlink()
    rendition = _rendition(track, segments, uri=playlist.name, head=folder / init)
    pieces = [product(folder / init, origin, relative_path="")]
    pieces += [
        product(folder / each.uri, origin, relative_path="", segment_index=index)
        for index, each in enumerate(segments)
    ]
    if cut.is_hls:
        playlist.write_text(media_playlist(segments, header_uri=init))
        pieces.append(playlist_product(playlist, track.rung, rendition, relative_path=""))
    return _Made(track=track, rendition=rendition, pieces=pieces)


def _single_file(track: _Track, cut: Cut, folder: Path) -> _Made:
    path, playlist = folder / f"{track.name}.mp4", folder / f"{track.name}.m3u8"
    (folder / f"rendition-{track.number}.mp4").rename(path)
    single = read_single_file(path)
    rendition = _rendition(track, single.segments, uri=playlist.name, head=path)
    facts: dict[str, Any] = {"stream": track.name, "duration": round(rendition.duration_seconds, 3)}
    if rendition.size is not None:
        facts |= {"width": rendition.size.width, "height": rendition.size.height}
    kind = SOUND_KIND if track.is_sound else None
    pieces = [product(path, track.rung.origin, kind=kind, relative_path="", **facts)]
    if cut.is_hls:
        text = media_playlist(single.segments, header_uri=path.name, header_bytes=single.header_bytes)
        playlist.write_text(text)
        pieces.append(playlist_product(playlist, track.rung, rendition, relative_path=""))
    return _Made(track=track, rendition=rendition, pieces=pieces, single=single)


def _check_lengths(made: Sequence[_Made]) -> None:
    """What came of an input is as long as it, but one of pictures and sound may have ended before the other.

    Raises InvalidInput.
    """
    seen = max((each.rendition.duration_seconds for each in made if not each.track.is_sound), default=0)
    heard = max((each.rendition.duration_seconds for each in made if each.track.is_sound), default=0)
    for each in made:
        expected = each.track.rung.source.duration_seconds
        has_other = each.track.rung.source.has_audio and each.track.rung.source.picture is not None
        other, same = (seen, heard) if each.track.is_sound else (heard, seen)
        if has_other and not is_shorter(other, than=expected):
            expected = min(expected, same)
        check_length(each.track.rung, each.rendition.duration_seconds, expected_seconds=expected)


def _ways_in(made: Sequence[_Made], cut: Cut, manifest: Path) -> list[OutputFile]:
    """The master playlist where there is HLS, and the manifest."""
    renditions = [each.rendition for each in made]
    singles = [each.single for each in made if each.single is not None]
    manifest.write_text(correct_manifest(manifest.read_text(), renditions, files=singles))
    origin = made[0].track.rung.origin
    products = [product(manifest, origin, relative_path="")]
    if not cut.is_hls:
        return products
    path = manifest.with_name(cut.hls_master_name)
    videos = [each.rendition for each in made if not each.track.is_sound]
    beside = [each.rendition for each in made if each.track.is_sound]
    text = master_playlist(
        videos or beside,
        sounds=beside if videos else (),
        may_have_captions=cut.may_have_captions,
        version=7,
    )
    path.write_text(text)
    return [master_product(path, origin, renditions), *products]


def _rendition(track: _Track, segments: Sequence[Segment], *, uri: str, head: Path) -> Rendition:
    return rendition_of(
        track.rung,
        segments,
        uri=uri,
        head=head,
        name=track.name,
        is_seen=not track.is_sound,
        is_heard=track.is_sound,
    )
