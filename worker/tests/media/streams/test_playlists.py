from __future__ import annotations

import pytest

from cattube_worker.media.geometry import Size
from cattube_worker.media.streams.playlists import (
    Rendition,
    Segment,
    avc_codec,
    master_playlist,
    media_playlist,
    read_segments,
    without_short_end,
)

SMALL = Rendition(
    uri="180p/180p.m3u8",
    name="180p",
    segments=[Segment(uri="0.ts", duration_seconds=10, size_bytes=1_000_000),
              Segment(uri="1.ts", duration_seconds=10, size_bytes=500_000),
              Segment(uri="2.ts", duration_seconds=0.1, size_bytes=100_000)],
    size=Size(320, 180),
    frames_per_second=25,
    codecs="avc1.64000d,mp4a.40.2",
)  # fmt: skip
LARGE = Rendition(
    uri="720p/720p.m3u8",
    name="720p",
    segments=[Segment(uri="0.ts", duration_seconds=10, size_bytes=5_000_000)],
    size=Size(1280, 720),
)
SOUND = Rendition(
    uri="audio/audio.m3u8",
    name='the "sound"\n',
    segments=[Segment(uri="0.ts", duration_seconds=10, size_bytes=160_000)],
    codecs="mp4a.40.2",
)


def test_a_master_playlist_offers_the_best_first_with_measured_bandwidths() -> None:
    assert master_playlist([SMALL, LARGE]) == (
        "#EXTM3U\n"
        "#EXT-X-VERSION:3\n"
        "#EXT-X-INDEPENDENT-SEGMENTS\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=4000000,AVERAGE-BANDWIDTH=4000000,RESOLUTION=1280x720\n"
        "720p/720p.m3u8\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=800000,AVERAGE-BANDWIDTH=636816,"
        'CODECS="avc1.64000d,mp4a.40.2",RESOLUTION=320x180,FRAME-RATE=25.000\n'
        "180p/180p.m3u8\n"
    )


def test_audio_of_a_group_counts_to_every_rendition_and_its_name_breaks_no_line() -> None:
    lines = master_playlist([LARGE], sounds=[SOUND], may_have_captions=False).splitlines()

    assert lines[3] == (
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="the sound",DEFAULT=YES,AUTOSELECT=YES,'
        'URI="audio/audio.m3u8"'
    )
    assert "BANDWIDTH=4128000" in lines[4]
    assert lines[4].endswith('AUDIO="audio",CLOSED-CAPTIONS=NONE')


def test_a_playlist_of_files_names_the_header_and_every_segment() -> None:
    segments = [Segment(uri="0.m4s", duration_seconds=6.5), Segment(uri="1.m4s", duration_seconds=0.48)]

    assert media_playlist(segments, header_uri="init.mp4") == (
        "#EXTM3U\n"
        "#EXT-X-VERSION:7\n"
        "#EXT-X-TARGETDURATION:7\n"
        "#EXT-X-PLAYLIST-TYPE:VOD\n"
        "#EXT-X-INDEPENDENT-SEGMENTS\n"
        '#EXT-X-MAP:URI="init.mp4"\n'
        "#EXTINF:6.500000,\n"
        "0.m4s\n"
        "#EXTINF:0.480000,\n"
        "1.m4s\n"
        "#EXT-X-ENDLIST\n"
    )


def test_a_playlist_of_a_single_file_has_byte_ranges() -> None:
    segments = [
        Segment(uri="720p.mp4", duration_seconds=6, size_bytes=500, start_byte=938),
        Segment(uri="720p.mp4", duration_seconds=2, size_bytes=100, start_byte=1438),
    ]

    lines = media_playlist(segments, header_uri="720p.mp4", header_bytes=838).splitlines()

    assert lines[5:] == [
        '#EXT-X-MAP:URI="720p.mp4",BYTERANGE="838@0"',
        "#EXTINF:6.000000,",
        "#EXT-X-BYTERANGE:500@938",
        "720p.mp4",
        "#EXTINF:2.000000,",
        "#EXT-X-BYTERANGE:100@1438",
        "720p.mp4",
        "#EXT-X-ENDLIST",
    ]


def test_segments_are_read_in_order_with_their_lengths() -> None:
    text = '#EXTM3U\n#EXT-X-MAP:URI="init.mp4"\n#EXTINF:9.6,\na.ts\n#EXTINF:0.4,title\nb.ts\n#EXT-X-ENDLIST\n'

    assert [(segment.uri, segment.duration_seconds) for segment in read_segments(text)] == [
        ("a.ts", 9.6),
        ("b.ts", 0.4),
    ]


@pytest.mark.parametrize(
    ("data", "codec"),
    [
        pytest.param(b"....avcC\x01\x64\x00\x1f\xff", "avc1.64001f", id="mp4"),
        pytest.param(b"\0\0\0\1\x09\xf0\0\0\0\1\x67\x42\xc0\x1e\x8c", "avc1.42c01e", id="transport-stream"),
        pytest.param(b"nothing of that kind", "", id="unknown"),
        pytest.param(b"avcC\x01\x64", "", id="cut-off"),
    ],
)
def test_the_name_of_h264_is_found_in_the_bytes(data: bytes, codec: str) -> None:
    assert avc_codec(data) == codec


def in_one_file(*seconds: float) -> list[Segment]:
    """Segments of 100 bytes each, one behind the other."""
    return [
        Segment(uri="a.mp4", duration_seconds=length, size_bytes=100, start_byte=800 + 100 * index)
        for index, length in enumerate(seconds)
    ]


def test_m67_a_very_short_last_segment_is_part_of_the_one_before() -> None:
    """A player that takes it for buffered would never come to the end."""
    first, last = without_short_end(in_one_file(4, 3.984, 0.021))

    assert first == in_one_file(4)[0]
    assert last.duration_seconds == pytest.approx(4.005)
    assert (last.start_byte, last.size_bytes) == (900, 200)


@pytest.mark.parametrize(
    "segments",
    [
        pytest.param([], id="none"),
        pytest.param(in_one_file(0.1), id="the-only-one"),
        pytest.param(in_one_file(4, 0.5), id="long-enough"),
        pytest.param(list(SMALL.segments), id="in-files-of-their-own"),
    ],
)
def test_m67_other_segments_stay_as_they_are(segments: list[Segment]) -> None:
    assert without_short_end(segments) == segments
