"""Content of a site that pages are looked at with: films in many shapes, states and lengths."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from e2e.media.clips import run_ffmpeg
from e2e.media.streams import make_storyboard
from e2e.site import ADMIN_PASSWORD, Site

SECONDS = 90
ABOUT = """Filmed in one evening with one lens, from the first light in the harbour to the last ferry.

0:00 Leaving the harbour
0:20 The long swell
0:45 Cats on deck
1:10 Home again

More at https://example.org/evenings, and thanks to everybody who carried the tripod."""


@dataclass(frozen=True)
class Film:
    """A video of `owner`. hours: since its upload. seconds: its length."""

    id: str
    title: str
    owner: str = "admin"
    seconds: int = SECONDS
    hours: int = 1
    visibility: str = "public"
    status: str = "ready"
    progress: int = 100
    phase: str = ""
    place: int | None = None
    seconds_left: int | None = None
    error: str = ""
    views: int = 0
    tags: tuple[str, ...] = ()
    about: str = ""
    is_upright: bool = False
    is_trashed: bool = False


SHOWN = Film(
    "shown-film0", "An evening on the water", hours=3, views=1204, tags=("harbour", "sea"), about=ABOUT
)
UPRIGHT = Film("upright-fi0", "Stairs, seen from below", hours=5, is_upright=True, tags=("stairs",))
PROCESSING = Film(
    "processing0",
    "Second ride",
    hours=0,
    visibility="private",
    status="processing",
    progress=68,
    seconds_left=9000,
)
WAITING = Film(
    "waiting-fi0",
    "Third ride",
    hours=0,
    visibility="private",
    status="processing",
    progress=0,
    phase="queued",
    place=3,
)
FAILED = Film("failed-fil0", "interview_final_v7", hours=2, visibility="private", status="failed", error="X")
PRIVATE = Film("private-fi0", "Notes to myself", hours=30, visibility="private", seconds=41)
TRASHED = Film("trashed-fi0", "The first attempt", hours=60, is_trashed=True)
FILMS = (
    PROCESSING,
    WAITING,
    FAILED,
    SHOWN,
    UPRIGHT,
    Film("film-000001", "Fog", hours=9, owner="mina", views=318, seconds=228, tags=("forest", "sound")),
    Film(
        "film-000002",
        "How the booth was rebuilt from pallets, and why nobody had thought of the door before it was closed",
        hours=26,
        owner="jun",
        seconds=860,
        tags=("workshop",),
    ),
    PRIVATE,
    Film("film-000003", "夜の港、静かな水", hours=50, owner="jun", seconds=4353, tags=("sea",)),
    Film("film-000004", "Bowls", hours=75, owner="mina", seconds=1565, tags=("workshop", "clay")),
    Film("film-000005", "The link only", hours=99, visibility="unlisted", seconds=151),
    Film("film-000006", "Across the plateau in late winter", hours=200, owner="mina", seconds=2537),
    Film("film-000007", "قطط على السطح", hours=400, owner="jun", seconds=62, tags=("cats",)),
    Film("film-000008", "What lives under the pier", hours=800, owner="mina", seconds=595, tags=("sea",)),
    TRASHED,
)

PLAYLIST = "list-of-sea"
# Who has nothing yet, and follows nobody.
NEWCOMER = "lin"
SPOKEN = """WEBVTT

00:01.000 --> 00:04.000
Good evening. We leave with the tide.

00:20.500 --> 00:24.000
<v Mina>The rope goes in by hand, every turn of it.

00:46.000 --> 00:51.000
And that is where the cats sleep, all the way
to the island and back.

01:12.000 --> 01:15.000
You feel it before you see the light.
"""

_FILL = """
import json
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from cattube.captions.formats.reading import read_captions
from cattube.captions.tracks import save_track
from cattube.channels.channels import channel_of
from cattube.channels.follows import set_follow
from cattube.community.comments import write_comment
from cattube.community.likes import set_like
from cattube.playlists.models import Playlist
from cattube.playlists.playlists import add_video, watch_later_of
from cattube.videos.models import Asset, Video
from cattube.viewing.history import record
now = timezone.now()
for name in ("mina", "jun", {newcomer!r}):
    User.objects.create_user(name, password={password!r})
for film in json.loads({films!r}):
    width, height = (720, 1280) if film["is_upright"] else (1280, 720)
    is_ready = film["status"] == "ready"
    video = Video.objects.create(
        pk=film["id"], owner=User.objects.get(username=film["owner"]), title=film["title"],
        description=film["about"], visibility=film["visibility"],
        status=film["status"], progress=film["progress"], phase=film["phase"], views=film["views"],
        queue_position=film["place"], ends_at=now + timedelta(seconds=film["seconds_left"] or 0),
        error_code=film["error"],
        assembly_id="a" * 32 if film["error"] else "",
        error_message="Its sound could not be read." if film["error"] else "",
        uploaded_at=now - timedelta(hours=film["hours"]), trashed_at=now if film["is_trashed"] else None,
        duration_seconds=film["seconds"] if is_ready else None, width=width, height=height,
        checked_at=now + timedelta(days=1),
    )
    video.set_tags(film["tags"])
    if is_ready:
        still = dict(role="thumbnail", content_type="image/jpeg", width=width, height=height)
        board = dict(role="storyboard", content_type="image/jpeg", width=1600, height=900)
        file = dict(role="watermarked", content_type="video/mp4", width=width, height=height)
        for name, asset in (("still.jpg", still), ("board.jpg", board), ("film.mp4", file)):
            asset["size_bytes"] = 48_000_000 if name == "film.mp4" else 90_000
            Asset.objects.create(video=video, object_key=f"{{asset['role']}}/{{video.pk}}/{{name}}", **asset)
admin, mina, jun = (User.objects.get(username=name) for name in ("admin", "mina", "jun"))
shown, sea = Video.objects.get(pk={shown!r}), Video.objects.filter(tags__name="sea").order_by("pk")
for person in (mina, jun):
    set_like(shown, person, liked=True)
    set_follow(channel_of(admin), person, follows=True)
    set_follow(channel_of(person), admin, follows=True)
first = write_comment(shown, mina, "The light at 0:45, how long did you wait for that?", seconds=45)
write_comment(shown, admin, "Two evenings, and then it came when nobody looked.", parent_id=first.pk)
write_comment(shown, jun, "<b>Watched it twice</b>, the second time with the sound on.")
playlist = Playlist.objects.create(pk={playlist!r}, owner=admin, title="By the sea", visibility="public")
for video in sea:
    add_video(playlist, video)
    add_video(watch_later_of(admin), video)
    record(admin, video, 31)
save_track(shown, "en", read_captions({spoken!r}.encode()))
"""


def fill(site: Site, folder: Path) -> None:
    """Give the site its films. folder: for what is made on the way."""
    wide, upright = make_film(folder / "wide.mp4", "640x360"), make_film(folder / "upright.mp4", "360x640")
    board = make_storyboard(wide, folder / "board.jpg")
    for number, film in enumerate(FILMS):
        if film.status != "ready":
            continue
        _put(site, "thumbnail", film, make_still(folder / f"{number}.jpg", film, number), "still.jpg")
        _put(site, "storyboard", film, board, "board.jpg")
        _put(site, "watermarked", film, upright if film.is_upright else wide, "film.mp4")
    films = json.dumps([asdict(film) for film in FILMS])
    names = {"newcomer": NEWCOMER, "shown": SHOWN.id, "playlist": PLAYLIST, "spoken": SPOKEN}
    site.run(_FILL.format(films=films, password=ADMIN_PASSWORD, **names))


def make_film(target: Path, size: str) -> Path:
    """Slow colours with a tone."""
    run_ffmpeg(
        ["-f", "lavfi", "-i", f"gradients=s={size}:r=2:n=5:seed=7:speed=0.02:d={SECONDS}"],
        ["-f", "lavfi", "-i", f"sine=f=220:r=48000:d={SECONDS}"],
        ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "4", "-c:a", "aac"],
        ["-movflags", "+faststart", str(target)],
    )
    return target


def make_still(target: Path, film: Film, number: int) -> Path:
    size = "720x1280" if film.is_upright else "1280x720"
    kind = ("linear", "radial", "circular", "spiral")[number % 4]
    graph = f"gradients=s={size}:n=4:seed={number + 3}:type={kind},vignette=PI/5"
    run_ffmpeg(["-f", "lavfi", "-i", graph, "-frames:v", "1", str(target)])
    return target


def _put(site: Site, role: str, film: Film, path: Path, name: str) -> None:
    target = site.data / "bucket" / role / film.id / name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)
