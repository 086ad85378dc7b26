from __future__ import annotations

import pytest

from cattube_worker.media.inspect.ffmpeg_banner import read_banner
from cattube_worker.media.inspect.metadata import meta_of

PHONE = """\
Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'file:/data/uploads/a/b':
  Metadata:
    title           : Stream #0:7: Video: h264, yuv420p, 9x9, 1 fps
                    : Duration: 99:00:00.00, start: 0
  Duration: 00:01:02.50, start: 0.000000, bitrate: 13557 kb/s
  Stream #0:0[0x1](und): Video: hevc (Main 10) (hvc1 / 0x31637668), yuv420p10le(tv, bt2020nc/bt2020), \
1920x1080 [SAR 1:1 DAR 16:9], 13389 kb/s, 29.97 fps, 29.97 tbr, 15360 tbn (default)
    Metadata:
      handler_name    : Core Media Video
    Side data:
      {matrix}: rotation of -90.00 degrees
  Stream #0:1[0x2](und): Audio: aac (LC) (mp4a / 0x6134706D), 44100 Hz, stereo, fltp, 159 kb/s (default)
  Stream #0:2[0x0]: Video: mjpeg (Baseline), yuvj420p(pc), 300x300 [SAR 1:1 DAR 1:1], 90k tbr (attached pic)
At least one output file must be specified
"""


@pytest.mark.parametrize("matrix", ["displaymatrix", "Display Matrix"], ids=["ffmpeg-5", "ffmpeg-9"])
def test_the_banner_gives_the_same_metadata_as_ffprobe(matrix: str) -> None:
    document = read_banner(PHONE.format(matrix=matrix))

    assert document is not None
    meta = meta_of(document)
    assert (meta["width"], meta["height"], meta["rotation"]) == (1080, 1920, 90)
    assert meta["duration"] == 62.5
    assert meta["framerate"] == 29.97
    assert (meta["video_codec"], meta["pixel_format"]) == ("hevc", "yuv420p10le")
    assert (meta["audio_codec"], meta["audio_samplerate"], meta["audio_channels"]) == ("aac", 44100, 2)
    assert (meta["num_video_streams"], meta["num_audio_streams"], meta["has_artwork"]) == (1, 1, True)


def test_codec_whose_profile_is_not_known_has_none() -> None:
    document = read_banner(PHONE.format(matrix="x").replace("aac (LC)", "aac"))

    assert document is not None
    assert "audio_profile" not in meta_of(document)
    assert meta_of(document)["audio_codec"] == "aac"


@pytest.mark.parametrize("text", ["", "file:/x: Invalid data found when processing input\n", "Input #0"])
def test_a_banner_without_an_input_gives_nothing(text: str) -> None:
    assert read_banner(text) is None


def test_a_channel_layout_without_a_name_is_counted() -> None:
    line = "Input #0, wav, from 'x':\n  Stream #0:0: Audio: pcm_s16le, 48000 Hz, 3 channels, s16, 1536 kb/s\n"

    document = read_banner(line)

    assert document is not None
    assert meta_of(document)["audio_channels"] == 3


def test_colours_and_fields_are_read_in_long_and_in_short() -> None:
    banner = """\
Input #0, matroska,webm, from 'x':
  Duration: 00:00:05.80, start: 5.000000, bitrate: 100 kb/s
  Stream #0:0: Video: h264 (High), {pixels}, 160x120 [SAR 1:1 DAR 4:3], 25 fps, 25 tbr, 1k tbn
"""
    long = read_banner(banner.format(pixels="yuv420p10le(tv, bt2020nc/bt2020/smpte2084, top first)"))
    short = read_banner(banner.format(pixels="yuvj420p(pc, bt709, progressive)"))

    assert long is not None
    assert short is not None
    meta = meta_of(long)
    assert (meta["field_order"], meta["color_transfer"]) == ("tt", "smpte2084")
    assert meta["color_primaries"] == "bt2020"
    assert meta["duration"] == 0.8
    assert short["streams"][0]["color_transfer"] == "bt709"
    assert meta_of(short)["color_range"] == "pc"
