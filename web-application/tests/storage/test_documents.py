"""Playlists and cues, with links in the place of names."""

from __future__ import annotations

import pytest

from cattube.storage.documents import ForeignAddress, named_key, with_links

MASTER = "hls/0123/playlist.m3u8"
MEDIA = "hls/0123/720p/720p.m3u8"


def link(object_key: str) -> str:
    return f"https://bucket.example/{object_key}?signature=s"


def test_master_playlist_leads_to_links_of_its_renditions() -> None:
    text = (
        "#EXTM3U\n#EXT-X-VERSION:3\n"
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="URI=x",URI="audio/audio.m3u8"\n'
        "#EXT-X-STREAM-INF:BANDWIDTH=1400000,RESOLUTION=1280x720\n720p/720p.m3u8\n"
        '#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=86000,URI="720p/frames.m3u8"\n'
    )

    assert with_links(MASTER, text, link) == (
        "#EXTM3U\n#EXT-X-VERSION:3\n"
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="URI=x",URI="https://bucket.example/hls/0123/audio/audio.m3u8'
        '?signature=s"\n'
        "#EXT-X-STREAM-INF:BANDWIDTH=1400000,RESOLUTION=1280x720\n"
        "https://bucket.example/hls/0123/720p/720p.m3u8?signature=s\n"
        '#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=86000,URI="https://bucket.example/hls/0123/720p/frames.m3u8'
        '?signature=s"\n'
    )


def test_media_playlist_leads_to_links_of_its_segments_whatever_ends_its_lines() -> None:
    text = (
        '#EXTM3U\r\n#EXT-X-MAP:URI="init.mp4",BYTERANGE="800@0"\r\n#EXTINF:2,\r\n720p_0.m4s\r\n\r\n'
        "#EXT-X-ENDLIST"
    )

    assert with_links(MEDIA, text, link) == (
        '#EXTM3U\r\n#EXT-X-MAP:URI="https://bucket.example/hls/0123/720p/init.mp4?signature=s",'
        'BYTERANGE="800@0"\r\n#EXTINF:2,\r\n'
        "https://bucket.example/hls/0123/720p/720p_0.m4s?signature=s\r\n\r\n#EXT-X-ENDLIST"
    )


@pytest.mark.parametrize(
    ("address", "object_key"),
    [
        ("720p_0.ts", "hls/0123/720p/720p_0.ts"),
        ("./a%20b.ts", "hls/0123/720p/a b.ts"),
        ("../audio/audio.m3u8", "hls/0123/audio/audio.m3u8"),
        ("720p_0.ts?token=1#t", "hls/0123/720p/720p_0.ts"),
    ],
)
def test_name_is_read_from_where_the_playlist_lies(address: str, object_key: str) -> None:
    assert named_key(MEDIA, address) == object_key


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/x.ts",
        "//evil.example/x.ts",
        "/hls/0123/720p/720p_0.ts",
        "../../other/x.ts",
        "..%2f..%2f4567/x.ts",
        "../../../secrets.env",
        "data:video/mp4;base64,AAAA",
        "file:///etc/passwd",
        "?only=query",
        "a\\b.ts",
        "%ff.ts",
        "http://[",
    ],
)
def test_playlist_that_leads_out_of_its_folder_is_refused_s04_m02(address: str) -> None:
    with pytest.raises(ForeignAddress):
        with_links(MEDIA, f"#EXTM3U\n#EXTINF:2,\n{address}\n", link)
    with pytest.raises(ForeignAddress):
        with_links(MEDIA, f'#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="{address}"\n', link)


def test_storyboard_leads_to_links_of_its_pictures_and_keeps_the_places_in_them() -> None:
    text = "WEBVTT\n\n00:00.000 --> 00:02.000\nsprite.jpg#xywh=0,0,160,90\n"

    assert with_links("storyboard/0123/storyboard.vtt", text, link) == (
        "WEBVTT\n\n00:00.000 --> 00:02.000\n"
        "https://bucket.example/storyboard/0123/sprite.jpg?signature=s#xywh=0,0,160,90\n"
    )


@pytest.mark.parametrize(
    "line",
    ["Look at cat.jpg", "<b>cat.jpg</b>", "NOTE cat.png", "https://evil.example/cat.jpg", "../../x/cat.jpg"],
)
def test_words_of_a_caption_stay_words_d03(line: str) -> None:
    text = f"WEBVTT\n\n00:00.000 --> 00:02.000\n{line}\n"

    assert with_links("captions/0123/en.vtt", text, link) == text
