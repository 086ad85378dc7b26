"""Films that the journeys begin with, and their people."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from e2e.gallery.content import SECONDS, make_film
from e2e.journeys.people import ROLES, SIZES, Size
from e2e.media.clips import run_ffmpeg
from e2e.site import ADMIN_PASSWORD, Site


@dataclass(frozen=True)
class Film:
    """A film of the account `owner`. said: what is spoken from which second on, until the next."""

    id: str
    title: str
    owner: str
    visibility: str
    about: str = ""
    said: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Playlist:
    """A public playlist of the account `owner` that has one film."""

    id: str
    title: str
    owner: str
    film: str


ROPE, WIND = "The bolt rope goes in by hand", "Then we wait for wind"
SAILS = Film(
    "sailmaker00",
    "The last sailmaker",
    owner="mina",
    visibility="public",
    about="One morning in the loft.\n\n0:00 The stairs\n0:20 The loft\n1:10 The tide",
    # However slow a machine is, the rope is still spoken of when somebody looks.
    said=((2, "Mind the third stair"), (12, WIND), (40, ROPE)),
)
TAR = Film("tar-twine00", "Tar and twine", owner="mina", visibility="public")


def draft_of(size: Size) -> Film:
    """What the owner has not shown to anybody."""
    return Film(_id("draft", size), "Nameless reel", size.account_of("owner"), "private")


def shared_of(size: Size) -> Film:
    """What the owner shares with those who have its link."""
    said = ((3, "The barley stands behind the mill"),)
    return Film(_id("mill", size), "Unspoken harvest", size.account_of("owner"), "unlisted", said=said)


def shared_list_of(size: Size) -> Playlist:
    """A playlist that everybody sees, with what only those with the link do."""
    return Playlist(_id("list", size), "Fields", size.account_of("owner"), shared_of(size).id)


def _id(word: str, size: Size) -> str:
    return f"{word}-{size.name}".ljust(11, "0")


_FILL = """
import json
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from cattube.captions.formats.timed_text import TimedText
from cattube.captions.tracks import save_track
from cattube.playlists.models import Playlist
from cattube.playlists.playlists import add_video
from cattube.videos.models import Asset, Video
password = make_password({password!r})
people = {{name: User.objects.create(username=name, password=password) for name in {people!r}}}
for film in json.loads({films!r}):
    video = Video.objects.create(
        pk=film["id"], owner=people[film["owner"]], title=film["title"], description=film["about"],
        visibility=film["visibility"], status="ready", progress=100,
        duration_seconds={seconds}, width=640, height=360,
    )
    for role, name, kind in {files!r}:
        key = f"{{role}}/{{video.pk}}/{{name}}"
        Asset.objects.create(video=video, role=role, object_key=key, content_type=kind, width=640, height=360)
    if film["said"]:
        starts = [start for start, _ in film["said"]]
        ends = [*starts[1:], {seconds}]
        cues = [TimedText(start, end, text) for (start, text), end in zip(film["said"], ends)]
        save_track(video, "en", cues)
for playlist in json.loads({playlists!r}):
    made = Playlist.objects.create(
        pk=playlist["id"], owner=people[playlist["owner"]], title=playlist["title"], visibility="public"
    )
    add_video(made, Video.objects.get(pk=playlist["film"]))
"""
_FILES = (("watermarked", "film.mp4", "video/mp4"), ("thumbnail", "still.jpg", "image/jpeg"))


def fill(site: Site, folder: Path) -> None:
    """Give the site its people and their films. folder: for what is made on the way."""
    films = [SAILS, TAR, *(make(size) for size in SIZES for make in (draft_of, shared_of))]
    film, still = make_film(folder / "film.mp4", "640x360"), folder / "still.jpg"
    run_ffmpeg(["-i", str(film), "-frames:v", "1", str(still)])
    for shown in films:
        for (role, name, _), source in zip(_FILES, (film, still), strict=True):
            target = site.data / "bucket" / role / shown.id / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    script = _FILL.format(
        password=ADMIN_PASSWORD,
        people=["mina", *(size.account_of(role) for size in SIZES for role in ROLES)],
        films=json.dumps([asdict(shown) for shown in films]),
        playlists=json.dumps([asdict(shared_list_of(size)) for size in SIZES]),
        files=_FILES,
        seconds=SECONDS,
    )
    site.run(script)
