"""Files that are not what they say: refused with a reason, and nothing but they themselves is opened."""

from __future__ import annotations

import http.server
import struct
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from cattube_worker.media.errors import InvalidInput

if TYPE_CHECKING:
    from tests.ffmpeg.conftest import Bench, Clip

pytestmark = pytest.mark.ffmpeg


@pytest.fixture
def canary() -> Iterator[tuple[str, list[str]]]:
    """A server on loopback and the list of everything that it was asked for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


@pytest.fixture(params=["sandboxed", "limited"])
def bench(bench: Bench, request: pytest.FixtureRequest) -> Bench:
    """What the engine asks of ffmpeg must hold alone: not every machine has a sandbox."""
    if request.param == "sandboxed":
        return bench
    return replace(bench, tools=replace(bench.tools, sandbox=()))


PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{target}\n#EXT-X-ENDLIST\n"
CONCAT = "ffconcat version 1.0\nfile '{target}'\n"
DASH = (
    '<?xml version="1.0"?><!DOCTYPE MPD [<!ENTITY x SYSTEM "{target}">]>'
    '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT2S"><Period>'
    '<AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1"><BaseURL>{target}</BaseURL>'
    "</Representation></AdaptationSet></Period></MPD>"
)
SDP = (
    "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n"
    "a=rtpmap:96 H264/90000\n"
)


@pytest.mark.parametrize("script", [PLAYLIST, CONCAT, DASH, SDP], ids=["hls", "ffconcat", "dash", "sdp"])
@pytest.mark.parametrize("reach", ["network", "file"])
def test_m02_m03_a_playlist_named_mp4_reaches_nothing(
    bench: Bench, clip: Clip, template: dict[str, Any], canary: tuple[str, list[str]], script: str, reach: str
) -> None:
    address, asked = canary
    target = f"{address}/canary.ts" if reach == "network" else str(clip("plain.mp4"))
    path = bench.folder / "playlist.mp4"
    path.write_text(script.replace("{target}", target))

    with pytest.raises(InvalidInput, match=r'"playlist.mp4" is not a video we can read'):
        bench.run(template, bench.upload(path))

    assert asked == []
    assert not (bench.folder / "bucket" / "watermarked").exists()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"Dear diary, this is no video.\n" * 50, id="text"),
        pytest.param(b"\x7fELF\x02\x01\x01" + bytes(4096), id="program"),
        pytest.param(b"%PDF-1.7\n" + bytes(2000), id="pdf"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", id="svg"),
        pytest.param(b"PK\x03\x04" + bytes(2000), id="zip"),
        pytest.param(bytes(5000), id="nothing-but-zeros"),
        pytest.param(b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", id="header-only"),
    ],
)
def test_m05_something_else_named_mp4_is_refused_by_name(
    bench: Bench, template: dict[str, Any], content: bytes
) -> None:
    path = bench.folder / "holiday.mp4"
    path.write_bytes(content)

    with pytest.raises(InvalidInput, match=r'"holiday.mp4" is not a video we can read') as refused:
        bench.run(template, bench.upload(path))

    assert refused.value.code == "INVALID_INPUT_ERROR"
    assert refused.value.step == "resized"
    assert not refused.value.retryable


def test_t20_a_file_of_zero_bytes_is_refused(bench: Bench, template: dict[str, Any]) -> None:
    path = bench.folder / "empty.mp4"
    path.touch()

    with pytest.raises(InvalidInput, match=r'"empty.mp4" is empty'):
        bench.run(template, bench.upload(path))


def test_m06_a_real_video_with_a_wrong_ending_is_a_video(
    bench: Bench, clip: Clip, template: dict[str, Any]
) -> None:
    files = bench.run(template, bench.upload(clip("plain.mp4"), name="holiday.txt"))

    names = [file.name for file in files if file.step != "hls"]
    assert names == ["holiday.txt", "holiday.mp4", "holiday.mp4", "holiday.jpg", "holiday_0.jpg"]


def test_a_document_that_claims_nothing_is_passed_over(bench: Bench, template: dict[str, Any]) -> None:
    path = bench.folder / "notes.txt"
    path.write_text("buy milk")

    files = bench.run(template, bench.upload(path))

    assert [file.step for file in files] == [":original"]


def test_a_song_is_passed_over_by_robots_for_video(
    bench: Bench, clip: Clip, template: dict[str, Any]
) -> None:
    files = bench.run(template, bench.upload(clip("sound.m4a")))

    assert [file.step for file in files] == [":original"]
    assert files[0].type == "audio"


def test_m08_a_claim_of_65535_by_65535_pixels_is_refused_before_decoding(
    bench: Bench, clip: Clip, template: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInput):
        bench.run(template, bench.upload(clip("huge-claim.mkv")))


def test_m08_more_pixels_than_allowed_are_refused_in_words(
    bench: Bench, clip: Clip, template: dict[str, Any]
) -> None:
    bench = bench.with_limits(max_pixels=1000)

    with pytest.raises(InvalidInput, match=r'"plain.mp4" is too large: 320 x 180 pixels'):
        bench.run(template, bench.upload(clip("plain.mp4")))


def test_m11_two_frames_two_days_apart_are_refused_as_too_long(
    bench: Bench, clip: Clip, template: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInput, match=r'"two-days.mkv" is .* long; 4 hours are allowed'):
        bench.run(template, bench.upload(clip("two-days.mkv")))


def test_m11_output_ends_at_the_size_that_is_allowed(
    bench: Bench, clip: Clip, template: dict[str, Any]
) -> None:
    bench = bench.with_limits(max_output_bytes=20_000)

    with pytest.raises(Exception, match=r"large\.mp4"):
        bench.run(template, bench.upload(clip("large.mp4")))

    sizes = [path.stat().st_size for path in bench.folder.glob("job-*/*/*")]
    assert sizes
    assert max(sizes) <= 20_480


def test_m14_a_video_that_was_cut_off_is_never_published_as_whole(
    bench: Bench, clip: Clip, template: dict[str, Any]
) -> None:
    warnings: list[str] = []
    bench.warn = warnings.append

    bench.run(template, bench.upload(clip("cut-off.mp4")))

    assert set(warnings) == {'"cut-off.mp4" ends early: only 1 of its 2 seconds could be read.'}


def test_m13_more_streams_than_allowed_are_refused(
    bench: Bench, clip: Clip, template: dict[str, Any]
) -> None:
    bench = bench.with_limits(max_streams=1)

    with pytest.raises(InvalidInput):
        bench.run(template, bench.upload(clip("plain.mp4")))


def test_m19_an_index_without_frames_is_no_success(
    bench: Bench, clip: Clip, template: dict[str, Any]
) -> None:
    movie = bytearray(clip("silent.mp4").read_bytes())
    sizes = movie.index(b"stsz")
    (count,) = struct.unpack_from(">I", movie, sizes + 12)
    movie[movie.index(b"mdat") + 4 : movie.index(b"moov") - 4] = bytes(
        movie.index(b"moov") - movie.index(b"mdat") - 8
    )
    path = bench.folder / "hollow.mp4"
    path.write_bytes(movie)

    assert count == 50
    with pytest.raises(InvalidInput):
        bench.run(template, bench.upload(path))
