from __future__ import annotations

import textwrap

import pytest

from cattube_worker.media.inspect.ffmpeg_banner import BannerNotUnderstood, read_banner
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


# What the releases print about one file, but for what it says about itself.
CAMERA = {
    "ffmpeg-5": """\
    Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'x':
      Duration: 00:00:06.00, start: 0.000000, bitrate: 36 kb/s
      Stream #0:0[0x1]: Video: h264 (High) (avc1 / 0x31637661), yuv420p(progressive), 640x360 \
[SAR 1:1 DAR 16:9], 15 kb/s, 25 fps, 25 tbr, 12800 tbn (default)
        Metadata:
          timecode        : 23:59:58:00
      Stream #0:1[0x2]: Audio: mp3 (mp4a / 0x6134706D), 48000 Hz, quad, fltp, 13 kb/s (default)
      Stream #0:2[0x3](eng): Data: none (tmcd / 0x64636D74), 0 kb/s
    At least one output file must be specified
    """,
    "ffmpeg-9": """\
    Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'x':
      Duration: 00:00:06.00, start: 0.000000, bitrate: 36 kb/s
      Stream group #0:0[0x3]: Track Reference:
        Stream #0:0[0x1]: Video: h264 (High) (avc1 / 0x31637661), yuv420p(progressive), 640x360 \
[SAR 1:1 DAR 16:9], 15 kb/s, 25 fps, 25 tbr, 12800 tbn (default)
          Metadata:
            timecode        : 23:59:58:00
        Stream #0:2[0x3](eng): Data: none (tmcd / 0x64636D74), 0 kb/s
      Stream #0:1[0x2]: Audio: mp3 (mp3float) (mp4a / 0x6134706D), 48000 Hz, quad, fltp, \
13 kb/s, start 0.02 (default)
    At least one output file must be specified
    """,
}


@pytest.mark.parametrize("release", CAMERA)
def test_m50_every_release_tells_the_same_about_a_camera(release: str) -> None:
    document = read_banner(textwrap.dedent(CAMERA[release]))

    assert document is not None
    assert [stream["codec_type"] for stream in document["streams"]] == ["video", "audio", "data"]
    meta = meta_of(document)
    assert (meta["width"], meta["encoding_profile"], meta["framerate"]) == (640, "High", 25)
    assert (meta["audio_codec"], meta["audio_channels"], meta["audio_channel_layout"]) == ("mp3", 4, "quad")
    assert "audio_profile" not in meta


def test_m50_streams_in_programmes_are_known_by_them() -> None:
    banner = """\
Input #0, mpegts, from 'x':
  Duration: 00:00:06.01, start: 1.400000, bitrate: 486 kb/s
  Program 1
    Metadata:
      service_name    : one
    Stream #0:1[0x101](deu): Audio: mp2 ([3][0][0][0] / 0x0003), 0 channels, fltp
  Program 2
    Stream #0:0[0x100]: Video: h264 (Main) ([27][0][0][0] / 0x001B), yuv420p(tv, bt709), 640x360, \
SAR 4:3 DAR 2:1, 50 tbr, 90k tbn
"""
    document = read_banner(banner)

    assert document is not None
    assert [each["streams"] for each in document["programs"]] == [[{"index": 1}], [{"index": 0}]]
    video, audio = document["streams"]
    assert (audio["channels"], audio["tags"]["language"]) == (0, "deu")
    assert (video["sample_aspect_ratio"], video["r_frame_rate"]) == ("4:3", "50.0")


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("  Stream #0:0 - of a new form", id="a-stream-of-a-new-form"),
        pytest.param("  Stream #0:1: Audio: aac, 48000 Hz, mono", id="a-stream-is-missing"),
    ],
)
def test_m50_what_is_not_understood_is_not_taken_for_nothing(line: str) -> None:
    with pytest.raises(BannerNotUnderstood):
        read_banner(f"Input #0, avi, from 'x':\n  Duration: N/A\n{line}\n")


@pytest.mark.parametrize("end", ["\u2028", "\x85", "\x1c", "\x0b", "\r"])
def test_m50_what_a_file_says_about_itself_poses_as_nothing_else(end: str) -> None:
    text = f"    title : x{end}  Stream #0:1: Video: h264, yuv420p, 9x9, 1 fps"

    document = read_banner(f"Input #0, avi, from 'x':\n  Metadata:\n{text}\n  Stream #0:0: Audio: mp3\n")

    assert document is not None
    assert len(document["streams"]) == 1


def test_m52_a_layout_is_counted_by_the_names_of_this_release() -> None:
    line = (
        "Input #0, wav, from 'x':\n  Stream #0:0: Audio: pcm_s16le, 48000 Hz, {}, s16, 1536 kb/s (default)\n"
    )

    def channels(layout: str) -> object:
        document = read_banner(line.format(layout), layouts={"9.1.6": 16, "stereo": 2})
        return document and document["streams"][0].get("channels")

    assert channels("9.1.6") == 16
    assert channels("ambisonic 1") == 4
    assert channels("ambisonic 2+stereo") == 11
    assert channels("4 channels (FL+FR+BL+BR)") == 4
    assert channels("of a new name") is None
