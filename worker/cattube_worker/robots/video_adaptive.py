"""/video/adaptive: renditions of a video cut into segments, and the playlists that lead to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from cattube_worker.media.command import QUIETLY, WITHOUT_TRACES, opened
from cattube_worker.media.errors import CommandFailed, InvalidInput
from cattube_worker.media.formats import Kind
from cattube_worker.media.geometry import Size
from cattube_worker.media.playlists import Rendition, Segment, avc_codec, master_playlist, read_segments
from cattube_worker.media.render import Kitchen, check_limits, cook
from cattube_worker.media.source import Product, Source
from cattube_worker.robots.base import WorkRobot
from cattube_worker.robots.encoding import Encoding, encoded

_HLS_PICTURES, _HLS_SOUNDS = frozenset({"h264"}), frozenset({"aac", "mp3"})
_MP4_PICTURES, _MP4_SOUNDS = frozenset({"h264", "hevc", "av1", "vp9"}), frozenset({"aac", "opus"})
_KINDS = {
    "m3u8": Kind("application/vnd.apple.mpegurl", None, "m3u8"),
    "mpd": Kind("application/dash+xml", None, "mpd"),
    "ts": Kind("video/mp2t", "video", "ts"),
    "m4s": Kind("video/iso.segment", "video", "m4s"),
    "mp4": Kind("video/mp4", "video", "mp4"),
}
_MISSING_SECONDS, _MISSING_SHARE = 1.0, 0.1

PlaylistName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]


@dataclass(frozen=True, kw_only=True)
class _Rung:
    """One input on its way. name: of its folder. source: ready to be cut without encoding."""

    name: str
    source: Source
    origin: Source


class VideoAdaptive(WorkRobot, Encoding):
    """All files of a bundle become the renditions of one video.

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

    def make(self, sources: Sequence[Source], kitchen: Kitchen) -> list[Product]:
        usable = [each for each in sources if each.picture is not None or each.has_audio]
        if not usable:
            return []
        folder = kitchen.folder / "adaptive"
        folder.mkdir(exist_ok=True)
        rungs = self._rungs(usable, kitchen)
        made = (
            _hls(self, rungs, folder, kitchen)
            if self.technique == "hls"
            else _mp4(self, rungs, folder, kitchen)
        )
        kitchen.report(1.0)
        return made

    @property
    def master_name(self) -> str:
        return self.playlist_name or ("playlist.m3u8" if self.technique == "hls" else "playlist.mpd")

    def _rungs(self, sources: Sequence[Source], kitchen: Kitchen) -> list[_Rung]:
        pictures, sounds = (
            (_HLS_PICTURES, _HLS_SOUNDS) if self.technique == "hls" else (_MP4_PICTURES, _MP4_SOUNDS)
        )
        names: list[str] = []
        rungs = []
        for index, source in enumerate(sources):
            picture = source.picture
            if picture is not None:
                check_limits(picture, name=source.name, limits=kitchen.limits)
            fits = picture is None or source.meta.get("video_codec") in pictures
            fits = fits and (not source.has_audio or source.meta.get("audio_codec") in sounds)
            if not fits or self.cuts or (picture is not None and self.encodes):
                ready = encoded(self, source, kitchen.folder / f"rung-{index}", kitchen)
            else:
                ready = source
            names.append(_free_name(_size_name(ready), names))
            rungs.append(_Rung(name=names[-1], source=ready, origin=source))
        return rungs


def _size_name(source: Source) -> str:
    picture = source.picture
    return f"{min(picture.width, picture.height)}p" if picture else "audio"


def _free_name(name: str, taken: Sequence[str]) -> str:
    return name if name not in taken else f"{name}_{len(taken)}"


def _hls(robot: VideoAdaptive, rungs: Sequence[_Rung], folder: Path, kitchen: Kitchen) -> list[Product]:
    groups_sound = robot.audio_group and any(each.source.picture is None for each in rungs)
    products: list[Product] = []
    renditions: list[Rendition] = []
    sounds: list[Rendition] = []
    for rung in rungs:
        is_sound = rung.source.picture is None
        with_sound = is_sound or not groups_sound
        rendition = _cut_for_hls(robot, rung, folder / rung.name, kitchen, with_sound=with_sound)
        (sounds if is_sound and groups_sound else renditions).append(rendition)
        products += _pieces(rung, rendition, folder / rung.name)
    master = master_playlist(renditions, sounds=sounds, may_have_captions=robot.closed_captions)
    path = folder / robot.master_name
    path.write_text(master)
    return [*products, _master(path, rungs[0].origin, [*renditions, *sounds])]


def _cut_for_hls(
    robot: VideoAdaptive, rung: _Rung, folder: Path, kitchen: Kitchen, *, with_sound: bool
) -> Rendition:
    folder.mkdir(exist_ok=True)
    playlist = folder / f"{rung.name}.m3u8"
    source = rung.source
    maps = ["-map", "0:V:0"] if source.picture else []
    maps += ["-map", "0:a:0"] if source.has_audio and with_sound else []
    cook(
        [
            *QUIETLY, *opened(source.path, kitchen.limits), *maps, "-c", "copy", *WITHOUT_TRACES,
            "-f", "hls", "-hls_time", str(robot.segment_duration), "-hls_playlist_type", "vod",
            "-hls_list_size", "0", "-hls_segment_type", "mpegts", "-hls_flags", "independent_segments",
            "-hls_segment_filename", f"file:{folder}/{rung.name}_%d.ts", f"file:{playlist}",
        ],
        reads=[source.path],
        name=rung.origin.name,
        duration_seconds=source.duration_seconds,
        kitchen=kitchen,
    )  # fmt: skip
    return _rendition(rung, playlist, uri=f"{rung.name}/{playlist.name}", with_sound=with_sound)


def _mp4(robot: VideoAdaptive, rungs: Sequence[_Rung], folder: Path, kitchen: Kitchen) -> list[Product]:
    """DASH, and with "cmaf" HLS beside it, over the same segments. Both need ffmpeg to see all at once."""
    pictures = [each for each in rungs if each.source.picture is not None]
    alone = [each for each in rungs if each.source.picture is None]
    # One sound serves all renditions: those of the videos are the same.
    sounds = alone or [each for each in pictures if each.source.has_audio][:1]
    maps = [word for each in pictures for word in ("-map", f"{rungs.index(each)}:V:0")]
    maps += [word for each in sounds for word in ("-map", f"{rungs.index(each)}:a:0")]
    sets = ["streams=v"] * bool(pictures) + ["streams=a"] * bool(sounds)
    manifest = folder / robot.master_name
    cook(
        [
            *QUIETLY, *[word for each in rungs for word in opened(each.source.path, kitchen.limits)],
            *maps, "-c", "copy", *WITHOUT_TRACES, "-f", "dash", "-seg_duration", str(robot.segment_duration),
            "-dash_segment_type", "mp4", "-use_template", "1", "-use_timeline", "1",
            "-init_seg_name", "init-$RepresentationID$.mp4",
            "-media_seg_name", "segment-$RepresentationID$-$Number$.m4s",
            "-adaptation_sets", " ".join(f"id={index},{each}" for index, each in enumerate(sets)),
            "-hls_playlist", "1", "-hls_master_name", _FFMPEGS_MASTER, f"file:{manifest}",
        ],
        reads=[each.source.path for each in rungs],
        name=rungs[0].origin.name,
        duration_seconds=max(each.source.duration_seconds for each in rungs),
        kitchen=kitchen,
    )  # fmt: skip
    return _gather_mp4(robot, pictures, sounds, manifest)


_FFMPEGS_MASTER = "ffmpegs-own.m3u8"  # its bandwidths are what encoders promised


def _gather_mp4(
    robot: VideoAdaptive, pictures: Sequence[_Rung], sounds: Sequence[_Rung], manifest: Path
) -> list[Product]:
    folder, with_hls = manifest.parent, robot.technique == "cmaf"
    (folder / _FFMPEGS_MASTER).unlink(missing_ok=True)
    products, renditions = [], []
    for index, rung in enumerate([*pictures, *sounds]):
        playlist = folder / f"media_{index}.m3u8"
        is_sound = index >= len(pictures)
        rendition = _rendition(
            rung, playlist, uri=playlist.name, with_sound=is_sound, init=folder / f"init-{index}.mp4"
        )
        renditions.append(rendition)
        if not with_hls:
            playlist.unlink()
        products += _pieces(
            rung, rendition, folder, init=f"init-{index}.mp4", relative_path="", keeps=with_hls
        )
    origin = (pictures or sounds)[0].origin
    if with_hls:
        path = folder / robot.hls_playlist_name
        videos, beside = renditions[: len(pictures)], renditions[len(pictures) :]
        text = master_playlist(videos or beside, sounds=beside if videos else (), version=7)
        path.write_text(text)
        products.append(_master(path, origin, renditions))
    return [*products, _product(manifest, origin, relative_path="")]


def _rendition(
    rung: _Rung, playlist: Path, *, uri: str, with_sound: bool, init: Path | None = None
) -> Rendition:
    """What came out, measured. Raises InvalidInput when it is shorter than its source."""
    if not playlist.is_file():
        raise CommandFailed(f'"{rung.origin.name}" could not be cut into segments.')
    segments = [
        replace(each, size_bytes=(playlist.parent / each.uri).stat().st_size)
        for each in read_segments(playlist.read_text())
    ]
    picture, meta = rung.source.picture, rung.source.meta
    is_sound = init is not None and with_sound
    rendition = Rendition(
        uri=uri,
        name=rung.name,
        segments=segments,
        size=Size(picture.width, picture.height) if picture and not is_sound else None,
        frames_per_second=float(meta.get("framerate") or 0) if picture and not is_sound else None,
        codecs=_codecs(rung.source, segments, playlist.parent, init, with_sound=with_sound),
    )
    _check_length(rendition, rung)
    return rendition


def _check_length(rendition: Rendition, rung: _Rung) -> None:
    expected = rung.source.duration_seconds
    if expected - rendition.duration_seconds > max(_MISSING_SECONDS, expected * _MISSING_SHARE):
        raise InvalidInput(
            f'"{rung.origin.name}" is damaged: only {rendition.duration_seconds:.0f} of its '
            f"{expected:.0f} seconds could be read."
        )


def _codecs(
    source: Source, segments: Sequence[Segment], folder: Path, init: Path | None, *, with_sound: bool
) -> str:
    """As players want to know them; "" when one of them is not known for sure."""
    found = []
    if source.picture is not None and not (init is not None and with_sound):
        if source.meta.get("video_codec") != "h264" or not segments:
            return ""
        found.append(avc_codec(_head(init or folder / segments[0].uri)))
    if source.has_audio and with_sound:
        found.append({"aac": "mp4a.40.2", "mp3": "mp4a.40.34", "opus": "opus"}.get(_sound_codec(source), ""))
    return ",".join(found) if all(found) else ""


def _sound_codec(source: Source) -> str:
    return str(source.meta.get("audio_codec"))


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(64 * 1024)


def _pieces(
    rung: _Rung,
    rendition: Rendition,
    folder: Path,
    *,
    init: str | None = None,
    relative_path: str | None = None,
    keeps: bool = True,
) -> list[Product]:
    """The segments of a rendition, what comes before them, and its playlist."""
    where = rung.name if relative_path is None else relative_path
    products = [_product(folder / init, rung.origin, relative_path=where)] if init else []
    products += [
        _product(folder / each.uri, rung.origin, relative_path=where, segment_index=index)
        for index, each in enumerate(rendition.segments)
    ]
    if not keeps:
        return products
    facts = {"bandwidth": rendition.peak_bps, "codecs": rendition.codecs, "stream": rendition.name}
    if rendition.size:
        facts["resolution"] = f"{rendition.size.width}x{rendition.size.height}"
    name = rendition.uri.rpartition("/")[2]
    return [*products, _product(folder / name, rung.origin, relative_path=where, **facts)]


def _master(path: Path, origin: Source, renditions: Sequence[Rendition]) -> Product:
    """The master playlist of HLS, with what a client wants to know of those it leads to."""
    playlists = []
    for each in renditions:
        folder, _, name = each.uri.rpartition("/")
        size = {"width": each.size.width, "height": each.size.height} if each.size else {}
        meta = {"relative_path": folder, "duration": round(each.duration_seconds, 3), **size}
        playlists.append({"name": name, "relative_path": folder, "stream": each.name, "meta": meta})
    return replace(_product(path, origin, relative_path=""), playlists=playlists)


def _product(path: Path, origin: Source, **meta: Any) -> Product:
    return Product(path=path, name=path.name, source=origin, kind=_KINDS[_ending(path)], meta=meta)


def _ending(path: Path) -> str:
    ending = path.suffix.removeprefix(".").lower()
    return ending if ending in _KINDS else "m3u8"
