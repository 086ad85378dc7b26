"""Pages are compressed on their way; what else the site answers is not."""

from __future__ import annotations

import gzip

import pytest
from conftest import MakeVideo
from django.test import Client

from cattube.videos.models import Video

GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def test_page_is_compressed_for_whoever_can_read_that(client: Client, make_video: MakeVideo) -> None:
    make_video(title="Rope", visibility="public", status="ready")

    compressed = client.get("/", headers=GZIP)
    plain = client.get("/")

    assert (compressed["Content-Encoding"], compressed["Vary"]) == ("gzip", plain["Vary"])
    assert "Accept-Encoding" in plain["Vary"]
    assert int(compressed["Content-Length"]) == len(compressed.content) < len(plain.content) / 2
    assert "Rope" in gzip.decompress(compressed.content).decode()
    assert not plain.has_header("Content-Encoding")


@pytest.mark.parametrize("address", ["", "/events", "/storyboard.vtt"])
def test_scripts_and_listeners_get_plain_answers(client: Client, alice_video: Video, address: str) -> None:
    Video.objects.update(visibility="public", status="ready")

    answer = client.get(f"/api/videos/{alice_video.pk}{address}", headers=GZIP)

    assert not answer.has_header("Content-Encoding")
    answer.close()


@pytest.mark.django_db
def test_w140_length_of_a_page_tells_little_of_what_is_in_it(client: Client) -> None:
    """W140"""
    lengths = {len(client.get("/", headers=GZIP).content) for _ in range(40)}

    assert len(lengths) > 1
