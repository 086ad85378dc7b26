"""HLS streams and storyboards as templates make them, put into a site's folder of objects with a record."""

from __future__ import annotations

import json
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from e2e.media.clips import run_ffmpeg
from e2e.site import Site

SECONDS = 90
Segments = Literal["fmp4", "mpegts"]

# Run in the site: a video of the admin's that can be watched, new or known, gets these assets.
_RECORD = """
import json
from django.contrib.auth.models import User
from cattube.videos.models import Asset, Video
facts = dict(owner=User.objects.get(username="admin"), title="Cats", status="ready",
             duration_seconds={seconds}, **json.loads({facts!r}))
video, _ = Video.objects.update_or_create(facts, pk={id!r})
for asset in json.loads({assets!r}):
    Asset.objects.create(video=video, **asset)
"""


@dataclass(frozen=True)
class Watchable:
    """A video of a site that can be watched. stream: where the pieces of its stream lie, if it has one."""

    id: str
    stream: Path


@dataclass(frozen=True)
class Clips:
    film: Path
    storyboard: Path
    streams: dict[Segments, Path]


def clips_in(folder: Path) -> Clips:
    """Where `make_clips` puts each clip below `folder`."""
    streams: dict[Segments, Path] = {"fmp4": folder / "fmp4", "mpegts": folder / "mpegts"}
    return Clips(folder / "film.mp4", folder / "board.jpg", streams)


def make_clips(folder: Path) -> None:
    clips, encoded = clips_in(folder), encode_renditions(folder / "renditions.mp4")
    for segments, stream in clips.streams.items():
        stream.mkdir()
        package(encoded, stream, segments)
    make_storyboard(make_film(clips.film), clips.storyboard)


def encode_renditions(target: Path) -> Path:
    """720p and 360p with a key frame every two seconds, and their sound."""
    run_ffmpeg(
        ["-f", "lavfi", "-i", f"testsrc2=s=1280x720:r=10:d={SECONDS}"],
        ["-f", "lavfi", "-i", f"sine=f=440:r=48000:d={SECONDS}"],
        ["-map", "0:v", "-map", "0:v", "-map", "1:a", "-s:v:1", "640x360"],
        ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "20", "-b:v:0", "800k"],
        ["-b:v:1", "300k", "-c:a", "aac", str(target)],
    )
    return target


def package(encoded: Path, folder: Path, segments: Segments) -> None:
    """The renditions in pieces of two seconds; with fragmented MP4, the sound is a rendition of its own."""
    if segments == "fmp4":
        sound, variants = (
            1,
            "v:0,agroup:a,name:720p v:1,agroup:a,name:360p a:0,agroup:a,default:yes,name:sound",
        )
    else:
        sound, variants = 2, "v:0,a:0,name:720p v:1,a:1,name:360p"
    ending = {"fmp4": "m4s", "mpegts": "ts"}[segments]
    run_ffmpeg(
        ["-i", str(encoded), "-map", "0:v", *(["-map", "0:a"] * sound), "-c", "copy"],
        ["-f", "hls", "-hls_time", "2", "-hls_playlist_type", "vod"],
        ["-hls_segment_type", segments, "-hls_segment_filename", f"{folder}/%v/%d.{ending}"],
        ["-var_stream_map", variants, "-master_pl_name", "playlist.m3u8", f"{folder}/%v/list.m3u8"],
    )


def make_film(target: Path) -> Path:
    """The same length in one file, of another size, so that a look at the picture tells which one plays."""
    run_ffmpeg(
        ["-f", "lavfi", "-i", f"testsrc2=s=854x480:r=10:d={SECONDS}"],
        ["-f", "lavfi", "-i", f"sine=f=440:r=48000:d={SECONDS}"],
        ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "20", "-c:a", "aac"],
        ["-movflags", "+faststart", str(target)],
    )
    return target


def make_storyboard(film: Path, target: Path) -> Path:
    """A hundred tiles of 160 x 90 pixels, ten in a row."""
    run_ffmpeg(
        ["-i", str(film), "-vf", f"fps=100/{SECONDS},scale=160:90,tile=10x10", "-frames:v", "1"],
        [str(target)],
    )
    return target


def put_video(
    site: Site,
    *,
    film: Path,
    stream: Path | None = None,
    storyboard: Path | None = None,
    phase: str = "",
    description: str = "",
    width: int = 1280,
    height: int = 720,
) -> Watchable:
    """A video with copies of these. phase: `improving` when more is to come. width, height: on record."""
    video_id = uuid.uuid4().hex[:11]
    video = Watchable(video_id, site.data / "bucket" / f"hls/{video_id}")
    shared = _put(site, film, f"watermarked/{video_id}/cats.mp4", "video/mp4", width=854, height=480)
    facts = {"phase": phase, "description": description, "width": width, "height": height}
    _record(site, video_id, facts, [shared, *_more(site, video, stream, storyboard)])
    return video


def complete_video(
    site: Site, video: Watchable, *, stream: Path | None = None, storyboard: Path | None = None
) -> None:
    """What a video that can be watched already gets at the end of all work."""
    _record(site, video.id, {"phase": ""}, _more(site, video, stream, storyboard))


def _record(site: Site, video_id: str, facts: dict[str, object], assets: list[dict[str, object]]) -> None:
    script = _RECORD.format(id=video_id, facts=json.dumps(facts), seconds=SECONDS, assets=json.dumps(assets))
    site.run(script)


def _more(
    site: Site, video: Watchable, stream: Path | None, storyboard: Path | None
) -> list[dict[str, object]]:
    assets = []
    if storyboard:
        key = f"storyboard/{video.id}/cats.jpg"
        assets.append(_put(site, storyboard, key, "image/jpeg", width=1600, height=900))
    if stream:
        folder = f"hls/{video.id}/"
        shutil.copytree(stream, video.stream)
        kind = "application/vnd.apple.mpegurl"
        assets.append(
            {"role": "hls", "object_key": f"{folder}playlist.m3u8", "folder": folder, "content_type": kind}
        )
    return assets


def _put(site: Site, source: Path, key: str, kind: str, **facts: int) -> dict[str, object]:
    target = site.data / "bucket" / key
    target.parent.mkdir(parents=True)
    shutil.copy(source, target)
    return {"role": key.partition("/")[0], "object_key": key, "content_type": kind, **facts}
