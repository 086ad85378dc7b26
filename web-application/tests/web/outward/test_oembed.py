"""oEmbed: another site shows a video whose address was pasted there."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import MakeVideo
from django.test import Client

from cattube.videos.models import Asset, Video


@pytest.fixture
def video(make_video: MakeVideo) -> Video:
    made = make_video(visibility="public", status="ready", width=1920, height=1080)
    Asset.objects.create(video=made, role="thumbnail", object_key="thumbnail/a/b.jpg", width=640, height=360)
    return made


def ask(client: Client, url: str, **parameters: str) -> Any:
    return client.get("/oembed", {"url": url, **parameters})


@pytest.mark.parametrize(
    "url",
    [
        *("http://testserver/videos/{}", "http://testserver/embed/{}", "https://testserver/videos/{}"),
        "http://testserver/videos/{}?t=83&playlist=x#comments",
        *(
            "HTTP://TestServer/videos/{}",
            "http://testserver:80/videos/{}",
            "https://testserver:443/videos/{}",
        ),
    ],
)
def test_w170_pasted_address_becomes_a_player(client: Client, video: Video, url: str) -> None:
    """W170"""
    answer = ask(client, url.format(video.pk), format="json", maxwidth="320")

    document = answer.json()
    assert (document["type"], document["version"], document["title"]) == ("video", "1.0", video.title)
    assert (document["width"], document["height"]) == (320, 180)
    assert f'src="http://testserver/embed/{video.pk}"' in document["html"]
    assert (document["author_name"], document["author_url"]) == ("alice", "http://testserver/channels/alice")
    assert document["thumbnail_url"] == f"http://testserver/videos/{video.pk}/poster"
    assert (document["thumbnail_width"], document["thumbnail_height"]) == (640, 360)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Content-Type"] == "application/json"


def test_unlisted_video_is_shown_by_its_link_without_its_channel(client: Client, video: Video) -> None:
    Video.objects.update(visibility="unlisted")

    document = ask(client, f"http://testserver/videos/{video.pk}").json()

    assert document["title"] == video.title
    assert "author_url" not in document


def test_d114_other_sites_are_told_of_no_private_video_even_by_its_owner(
    client: Client, as_alice: Client, video: Video
) -> None:
    """D114"""
    Video.objects.update(visibility="private")
    answers = [ask(one, f"http://testserver/videos/{video.pk}") for one in (client, as_alice)]
    none = ask(client, "http://testserver/videos/abcdefghijk")

    assert [answer.status_code for answer in answers] == [404, 404]
    assert {answer.content for answer in answers} == {none.content}


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "http://[",
        "https://elsewhere.example/videos/{}",
        "ftp://testserver/videos/{}",
        *("http:///videos/{}", "http://:80/videos/{}", "http://testserver:443/videos/{}"),
        "//testserver/videos/{}",
        "http://testserver@elsewhere.example/videos/{}",
        "http://testserver/videos/{}/edit",
        "http://testserver/",
        "http://testserver/videos/%00",
    ],
)
def test_address_that_is_no_video_of_ours_is_not_found(client: Client, video: Video, url: str) -> None:
    answer = ask(client, url.format(video.pk))

    assert (answer.status_code, answer.json()["error"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({"format": "xml"}, 501),
        ({"maxwidth": "x"}, 400),
        ({"maxheight": "-1"}, 400),
        ({"maxwidth": "0"}, 400),
        ({"maxwidth": "²"}, 400),
        ({"maxwidth": "9" * 5000}, 400),
        ({"maxwidth": "99999999"}, 200),
        ({"maxwidth": ""}, 200),
    ],
)
def test_what_cannot_be_answered_is_said(
    client: Client, video: Video, parameters: dict[str, str], status: int
) -> None:
    assert ask(client, f"http://testserver/videos/{video.pk}", **parameters).status_code == status
