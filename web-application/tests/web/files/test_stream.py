"""What the player is told about a video's HLS stream and its storyboard."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from statuses import ASSEMBLY_ID

from cattube.videos.models import Asset, Video
from cattube.videos.storyboard import Storyboard, cues_of


def add_asset(video: Video, role: str, name: str, **facts: object) -> None:
    Asset.objects.create(video=video, role=role, object_key=f"{role}/{ASSEMBLY_ID}/{name}", **facts)


def video_json(client: Client, video: Video) -> dict[str, object]:
    answer: dict[str, object] = client.get(f"/api/videos/{video.pk}").json()
    return answer


def test_video_with_files_alone_has_neither_stream_nor_storyboard(
    as_alice: Client, ready_video: Video
) -> None:
    video = video_json(as_alice, ready_video)

    assert (video["hls"], video["storyboard"]) == (None, None)
    assert 'preload="metadata"' in as_alice.get(f"/videos/{ready_video.pk}").content.decode()


def test_stream_is_told_beside_the_files_and_nothing_loads_before_the_script(
    as_alice: Client, ready_video: Video
) -> None:
    add_asset(ready_video, "hls", "playlist.m3u8", folder=f"hls/{ASSEMBLY_ID}/")

    video = video_json(as_alice, ready_video)
    page = as_alice.get(f"/videos/{ready_video.pk}").content.decode()

    assert str(video["hls"]).startswith(f"http://testserver/files/hls/{ASSEMBLY_ID}/playlist.m3u8?expires=")
    assert str(video["transcoded"]).startswith("http://testserver/files/watermarked/")
    assert 'preload="none"' in page
    assert '<source src="/files/watermarked/' in page


def test_storyboard_says_which_tile_belongs_to_which_moment(as_alice: Client, ready_video: Video) -> None:
    add_asset(ready_video, "storyboard", "tiles.jpg", content_type="image/jpeg", width=1600, height=900)

    board = video_json(as_alice, ready_video)["storyboard"]

    assert isinstance(board, dict)
    assert board.pop("url").startswith(f"http://testserver/files/storyboard/{ASSEMBLY_ID}/tiles.jpg?")
    assert board == {
        "columns": 10,
        "rows": 10,
        "tile_width": 160,
        "tile_height": 90,
        "seconds_per_tile": 0.125,
        "cues": f"http://testserver/api/videos/{ready_video.pk}/storyboard.vtt",
    }


@pytest.mark.parametrize("size", [{}, {"width": 9, "height": 900}, {"width": 1600, "height": 9}])
def test_storyboard_without_room_for_its_tiles_is_not_offered(
    as_alice: Client, ready_video: Video, size: dict[str, int]
) -> None:
    add_asset(ready_video, "storyboard", "tiles.jpg", content_type="image/jpeg", **size)

    assert video_json(as_alice, ready_video)["storyboard"] is None
    assert as_alice.get(f"/api/videos/{ready_video.pk}/storyboard.vtt").status_code == 404


def test_other_players_read_the_storyboard_as_cues(as_alice: Client, ready_video: Video) -> None:
    add_asset(ready_video, "storyboard", "tiles.jpg", content_type="image/jpeg", width=1600, height=900)
    board = video_json(as_alice, ready_video)["storyboard"]
    assert isinstance(board, dict)

    answer = as_alice.get(board["cues"])

    head, *cues = answer.content.decode().split("\n\n")
    assert answer["Content-Type"] == "text/vtt; charset=utf-8"
    assert (answer["Cache-Control"], answer["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert (head, len(cues)) == ("WEBVTT", 100)
    assert cues[0] == f"00:00:00.000 --> 00:00:00.125\n{board['url']}#xywh=0,0,160,90"
    assert cues[11] == f"00:00:01.375 --> 00:00:01.500\n{board['url']}#xywh=160,90,160,90"
    assert cues[99] == f"00:00:12.375 --> 00:00:12.500\n{board['url']}#xywh=1440,810,160,90\n"


def test_pictures_of_the_cues_need_no_login(as_alice: Client, client: Client, ready_video: Video) -> None:
    add_asset(ready_video, "storyboard", "tiles.jpg", content_type="image/jpeg", width=1600, height=900)
    folder = Path(settings.BUCKET_FOLDER) / f"storyboard/{ASSEMBLY_ID}"
    folder.mkdir(parents=True)
    (folder / "tiles.jpg").write_bytes(b"meow")

    cues = as_alice.get(f"/api/videos/{ready_video.pk}/storyboard.vtt").content.decode()
    picture: Any = client.get(cues.splitlines()[3].partition("#")[0])

    assert (picture.status_code, picture["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(picture) == b"meow"


BOARD: Storyboard = {
    "url": "/tiles.jpg",
    "columns": 10,
    "rows": 10,
    "tile_width": 160,
    "tile_height": 90,
    "seconds_per_tile": 1.0,
}


@pytest.mark.parametrize(
    ("seconds_per_tile", "last"),
    [(1.0, "00:01:39.000 --> 00:01:40.000"), (1080.0, "29:42:00.000 --> 30:00:00.000")],
)
def test_cues_follow_each_other_to_the_end(seconds_per_tile: float, last: str) -> None:
    times = times_in(cues_of({**BOARD, "seconds_per_tile": seconds_per_tile}))

    starts, ends = zip(*(line.split(" --> ") for line in times), strict=True)
    assert starts[1:] == ends[:-1]
    assert times[-1] == last


@given(st.floats(min_value=1e-9, max_value=2**53 / 100))
def test_no_cue_is_void_whatever_the_length_of_the_video(seconds_per_tile: float) -> None:
    cues = cues_of({**BOARD, "seconds_per_tile": seconds_per_tile})

    assert cues.startswith("WEBVTT\n\n")
    for line in times_in(cues):
        first, last = line.split(" --> ")
        assert all(re.fullmatch(r"\d{2,}:[0-5]\d:[0-5]\d\.\d{3}", time) for time in (first, last))
        assert first != last


def times_in(cues: str) -> list[str]:
    return [line for line in cues.splitlines() if "-->" in line]


def test_name_of_a_picture_cannot_write_into_the_cues_d03(as_alice: Client, ready_video: Video) -> None:
    name = "a --> b #xywh=1 <i>é.jpg"
    add_asset(ready_video, "storyboard", name, content_type="image/jpeg", width=1600, height=900)

    cues = as_alice.get(f"/api/videos/{ready_video.pk}/storyboard.vtt").content.decode().split("\n\n")[1:]

    for cue in cues:
        time, address = cue.strip().split("\n")
        assert time.count("-->") == 1
        assert re.fullmatch(r"[!-~]+\.jpg\?[!-~]+#xywh=\d+,\d+,160,90", address)
        assert not set("<>") & set(address)
        assert address.count("#") == 1


def test_video_that_is_not_ready_has_no_stream(as_alice: Client, alice_video: Video) -> None:
    add_asset(alice_video, "hls", "playlist.m3u8", folder=f"hls/{ASSEMBLY_ID}/")
    add_asset(alice_video, "storyboard", "tiles.jpg", width=1600, height=900)

    video = video_json(as_alice, alice_video)

    assert (video["hls"], video["storyboard"]) == (None, None)
