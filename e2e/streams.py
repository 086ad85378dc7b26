"""HLS streams and storyboards as templates make them, put into a site's folder of objects with a record."""

from __future__ import annotations

import json
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from e2e.api_client import manage
from e2e.clips import run_ffmpeg
from e2e.site import Site

SECONDS = 90
Segments = Literal["fmp4", "mpegts"]

# Run by `manage.py shell`: a finished video of the admin's with these assets; prints its id.
_RECORD = """
import json
from django.contrib.auth.models import User
from cattube.videos.models import Asset, Video
video = Video.objects.create(owner=User.objects.get(username="admin"), title="Cats", status="ready",
                             duration_seconds={seconds}, width=1280, height=720)
for facts in json.loads({assets!r}):
    Asset.objects.create(video=video, **facts)
print("id:" + video.pk)
"""


@dataclass(frozen=True)
class Watchable:
    """A finished video of a site. stream: where the pieces of its stream lie, if it has one."""

    id: str
    stream: Path


def make_stream(folder: Path, segments: Segments) -> Path:
    """720p and 360p in pieces of two seconds; with fragmented MP4, the sound is a rendition of its own."""
    if segments == "fmp4":
        sound, variants = (
            1,
            "v:0,agroup:a,name:720p v:1,agroup:a,name:360p a:0,agroup:a,default:yes,name:sound",
        )
    else:
        sound, variants = 2, "v:0,a:0,name:720p v:1,a:1,name:360p"
    ending = {"fmp4": "m4s", "mpegts": "ts"}[segments]
    run_ffmpeg(
        ["-f", "lavfi", "-i", f"testsrc2=s=1280x720:r=10:d={SECONDS}"],
        ["-f", "lavfi", "-i", f"sine=f=440:r=48000:d={SECONDS}"],
        ["-map", "0:v", "-map", "0:v", *(["-map", "1:a"] * sound), "-s:v:1", "640x360"],
        ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "20", "-b:v:0", "800k"],
        ["-b:v:1", "300k", "-c:a", "aac", "-f", "hls", "-hls_time", "2", "-hls_playlist_type", "vod"],
        ["-hls_segment_type", segments, "-hls_segment_filename", f"{folder}/%v/%d.{ending}"],
        ["-var_stream_map", variants, "-master_pl_name", "playlist.m3u8", f"{folder}/%v/list.m3u8"],
    )
    return folder


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
    site: Site, *, film: Path, stream: Path | None = None, storyboard: Path | None = None
) -> Watchable:
    """A finished video with copies of these."""
    assembly_id = uuid.uuid4().hex
    assets = [_put(site, film, f"watermarked/{assembly_id}/cats.mp4", "video/mp4", width=854, height=480)]
    if storyboard:
        key = f"storyboard/{assembly_id}/cats.jpg"
        assets.append(_put(site, storyboard, key, "image/jpeg", width=1600, height=900))
    if stream:
        folder = f"hls/{assembly_id}/"
        shutil.copytree(stream, site.data / "bucket" / folder)
        kind = "application/vnd.apple.mpegurl"
        assets.append(
            {"role": "hls", "object_key": f"{folder}playlist.m3u8", "folder": folder, "content_type": kind}
        )
    done = manage(site, "shell", "-c", _RECORD.format(seconds=SECONDS, assets=json.dumps(assets)))
    assert done.returncode == 0, done.stderr
    folder_of_stream = site.data / "bucket" / f"hls/{assembly_id}"
    return Watchable(done.stdout.rpartition("id:")[2].strip(), folder_of_stream)


def _put(site: Site, source: Path, key: str, kind: str, **facts: int) -> dict[str, object]:
    target = site.data / "bucket" / key
    target.parent.mkdir(parents=True)
    shutil.copy(source, target)
    return {"role": key.partition("/")[0], "object_key": key, "content_type": kind, **facts}
