"""What the player is told about a video's HLS stream and its storyboard."""

from __future__ import annotations

from django.test import Client
from statuses import ASSEMBLY_ID

from cattube.videos.models import Asset, Video


def add_asset(video: Video, role: str, name: str, **facts: object) -> None:
    Asset.objects.create(video=video, role=role, object_key=f"{role}/{ASSEMBLY_ID}/{name}", **facts)


def told(client: Client, video: Video) -> dict[str, object]:
    answer: dict[str, object] = client.get(f"/api/videos/{video.pk}").json()
    return answer


def test_video_with_files_alone_has_neither_stream_nor_storyboard(
    as_alice: Client, ready_video: Video
) -> None:
    video = told(as_alice, ready_video)

    assert (video["hls"], video["storyboard"]) == (None, None)
    assert 'preload="metadata"' in as_alice.get(f"/videos/{ready_video.pk}").content.decode()


def test_stream_is_told_beside_the_files_and_nothing_loads_before_the_script(
    as_alice: Client, ready_video: Video
) -> None:
    add_asset(ready_video, "hls", "playlist.m3u8", folder=f"hls/{ASSEMBLY_ID}/")

    video = told(as_alice, ready_video)
    page = as_alice.get(f"/videos/{ready_video.pk}").content.decode()

    assert str(video["hls"]).startswith(f"http://testserver/files/hls/{ASSEMBLY_ID}/playlist.m3u8?expires=")
    assert str(video["transcoded"]).startswith("http://testserver/files/watermarked/")
    assert 'preload="none"' in page
    assert '<source src="/files/watermarked/' in page


def test_storyboard_says_which_tile_belongs_to_which_moment(as_alice: Client, ready_video: Video) -> None:
    add_asset(ready_video, "storyboard", "tiles.jpg", content_type="image/jpeg", width=1600, height=900)

    board = told(as_alice, ready_video)["storyboard"]

    assert isinstance(board, dict)
    assert board.pop("url").startswith(f"http://testserver/files/storyboard/{ASSEMBLY_ID}/tiles.jpg?")
    assert board == {
        "columns": 10,
        "rows": 10,
        "tile_width": 160,
        "tile_height": 90,
        "seconds_per_tile": 0.125,
    }


def test_storyboard_of_unknown_size_is_not_offered(as_alice: Client, ready_video: Video) -> None:
    add_asset(ready_video, "storyboard", "tiles.jpg", content_type="image/jpeg")

    assert told(as_alice, ready_video)["storyboard"] is None


def test_video_that_is_not_ready_has_no_stream(as_alice: Client, alice_video: Video) -> None:
    add_asset(alice_video, "hls", "playlist.m3u8", folder=f"hls/{ASSEMBLY_ID}/")
    add_asset(alice_video, "storyboard", "tiles.jpg", width=1600, height=900)

    video = told(as_alice, alice_video)

    assert (video["hls"], video["storyboard"]) == (None, None)
