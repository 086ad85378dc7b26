"""Small pictures of any file."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.instructions.steps import StepError, read_steps
from cattube_worker.media.stills import png

from .conftest import ffmpeg
from .pictures import held_upright, picture

if TYPE_CHECKING:
    from tests.ffmpeg.conftest import Bench, Clip

pytestmark = pytest.mark.ffmpeg

X264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]


def previews(bench: Bench, *paths: Path, **parameters: Any) -> list[AssemblyFile]:
    steps = {"made": {"robot": "/file/preview", **parameters}}
    return [file for file in bench.run(steps, *map(bench.upload, paths)) if file.step == "made"]


def preview(bench: Bench, path: Path, **parameters: Any) -> AssemblyFile:
    (file,) = previews(bench, path, **parameters)
    return file


def pixels(file: AssemblyFile) -> Callable[[int, int], tuple[int, ...]]:
    assert file.path is not None
    return picture_at(file.path, file.meta["width"])


def picture_at(path: Path, width: int) -> Callable[[int, int], tuple[int, ...]]:
    """The pixel at a column and row of the first picture, as red, green, blue and opacity."""
    decode = ["ffmpeg", "-v", "error", "-i", str(path), "-frames:v", "1"]
    raw = subprocess.run(
        [*decode, "-f", "rawvideo", "-pix_fmt", "rgba", "-"], check=True, capture_output=True
    ).stdout
    return lambda x, y: tuple(raw[4 * (y * width + x) : 4 * (y * width + x) + 4])


def is_red(color: tuple[int, ...]) -> bool:
    red, green, blue, _ = color
    return red > 180 and green < 90 and blue < 90


def is_blue(color: tuple[int, ...]) -> bool:
    red, green, blue, _ = color
    return blue > 180 and red < 90 and green < 90


def is_white(color: tuple[int, ...]) -> bool:
    return min(color) > 245


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """A video that is black for a twentieth of its time, and then red; wide as a film."""
    path = tmp_path / "film.mp4"
    source = "color=red:s=320x160:r=10:d=20,drawbox=t=fill:color=black:enable='lt(t,1)'"
    ffmpeg("-f", "lavfi", "-i", source, *X264, path)
    return path


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "song.mp3"
    ffmpeg("-f", "lavfi", "-i", "aevalsrc=0.5*sin(440*2*PI*t):s=44100:d=2", path)
    return path


@pytest.fixture
def song_with_cover(tmp_path: Path, song: Path) -> Path:
    path = tmp_path / "covered.mp3"
    cover = picture(tmp_path, "cover.png", "color=blue:s=100x100")
    ffmpeg(
        "-i", song, "-i", cover, "-map", "0:a", "-map", "1:v", "-c", "copy",
        "-disposition:v:0", "attached_pic", path,
    )  # fmt: skip
    return path


def test_f79_a_video_is_shown_by_a_telling_frame_in_the_middle_of_its_ground(
    bench: Bench, video: Path
) -> None:
    file = preview(bench, video)

    assert (file.name, file.mime, file.meta["width"], file.meta["height"]) == (
        "film.png", "image/png", 300, 200,
    )  # fmt: skip
    pixel = pixels(file)
    assert is_red(pixel(150, 100))
    assert is_white(pixel(150, 10))
    assert is_white(pixel(150, 190))


def test_f79_a_picture_is_shown_upright_and_in_the_way_asked_for(bench: Bench, tmp_path: Path) -> None:
    lying = "color=red:s=200x100,drawbox=x=100:w=100:t=fill:color=blue,format=yuvj444p"
    source = held_upright(picture(tmp_path, "cat.jpg", lying))

    file = preview(
        bench, source, width=50, height=50, resize_strategy="fit", format="jpg", background="#00ff00"
    )

    assert (file.name, file.mime, file.meta["width"], file.meta["height"]) == (
        "cat.jpg",
        "image/jpeg",
        25,
        50,
    )
    pixel = pixels(file)
    assert is_red(pixel(12, 5))
    assert is_blue(pixel(12, 45))


def test_f79_a_small_picture_stays_small_where_that_is_asked_for(bench: Bench, tmp_path: Path) -> None:
    source = picture(tmp_path, source="color=red:s=30x20")

    file = preview(bench, source, zoom=False, background="#0000ff80")

    pixel = pixels(file)
    assert is_red(pixel(150, 100))
    assert pixel(120, 100) == (0, 0, 255, 128)


@pytest.mark.parametrize(
    ("name", "mime"),
    [("png", "image/png"), ("jpeg", "image/jpeg"), ("webp", "image/webp"), ("gif", "image/gif")],
)
def test_f79_a_preview_has_the_format_asked_for(bench: Bench, video: Path, name: str, mime: str) -> None:
    file = preview(bench, video, format=name)

    assert file.mime == mime
    assert is_red(pixels(file)(150, 100))


def test_f79_a_sound_is_shown_by_its_waveform(bench: Bench, song: Path) -> None:
    file = preview(bench, song, waveform_center_color="#ff0000ff", waveform_outer_color="#ff0000ff")

    pixel = pixels(file)
    # A waveform of 100 pixels in the middle of 200, half of which the tone fills.
    assert is_red(pixel(150, 100))
    assert is_red(pixel(150, 80))
    assert is_white(pixel(150, 65))


def test_f79_a_song_is_shown_by_its_cover(bench: Bench, song_with_cover: Path) -> None:
    file = preview(bench, song_with_cover)

    assert is_blue(pixels(file)(150, 100))


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv"])
def test_f79_a_film_with_a_cover_is_shown_by_that(
    bench: Bench, tmp_path: Path, video: Path, name: str
) -> None:
    cover, path = picture(tmp_path, "cover.jpg", "color=blue:s=100x100"), tmp_path / f"covered-{name}"
    if name.endswith("mkv"):
        about = ["-metadata:s:t", "mimetype=image/jpeg", "-metadata:s:t", "filename=cover.jpg"]
        ffmpeg("-i", video, "-c", "copy", "-attach", cover, *about, path)
    else:
        attached = ["-map", "0", "-map", "1", "-c", "copy", "-disposition:v:1", "attached_pic"]
        ffmpeg("-i", video, "-i", cover, *attached, path)

    assert is_blue(pixels(preview(bench, path))(150, 100))


def test_f79_the_ways_are_tried_in_the_order_asked_for(
    bench: Bench, song_with_cover: Path, video: Path
) -> None:
    strategy = {"audio": ["waveform"], "video": ["artwork", "image", "page", "icon"]}

    song, film = previews(bench, song_with_cover, video, strategy=strategy, icon_style="square")

    assert not is_blue(pixels(song)(150, 100))
    # The icon of a video has a red triangle on a page.
    pixel = pixels(film)
    assert is_red(pixel(150, 108))
    assert is_white(pixel(20, 20))


@pytest.mark.parametrize(
    ("name", "body", "color"),
    [
        pytest.param("notes.txt", b"meow", (37, 99, 235), id="document"),
        pytest.param("cats.zip", b"PK\3\4" + bytes(60), (217, 119, 6), id="archive"),
        pytest.param("page.html", b"<html>meow</html>", (8, 145, 178), id="webpage"),
        pytest.param("thing.xyz", bytes(range(256)), (107, 114, 128), id="unknown"),
        pytest.param("broken.png", b"\x89PNG\r\n\x1a\n" + bytes(8), (22, 163, 74), id="broken-picture"),
    ],
)
def test_f79_what_has_no_picture_has_an_icon_with_its_ending(
    bench: Bench, tmp_path: Path, name: str, body: bytes, color: tuple[int, int, int]
) -> None:
    (tmp_path / name).write_bytes(body)
    options = {"robot": "/file/preview", "use": ":original"}
    steps = {
        "text": {**options, "icon_text_color": "#ff0000"},
        "none": {**options, "icon_text_content": "none"},
    }

    _, *files = bench.run(steps, bench.upload(tmp_path / name))

    file, other = sorted(files, key=lambda file: file.step != "text")
    assert (file.name, file.meta["width"], file.meta["height"]) == (f"{Path(name).stem}.png", 300, 200)
    pixel, without_text = pixels(file), pixels(other)
    places = [(x, y) for x in range(300) for y in range(150)]
    assert any(without_text(x, y)[:3] == color for x, y in places)
    below = [(x, y) for x in range(300) for y in range(155, 200)]
    assert any(is_red(pixel(x, y)) for x, y in below)
    assert all(is_white(without_text(x, y)) for x, y in below)


def test_f79_an_icon_can_be_seen_through_beside_its_page(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_bytes(b"meow")

    file = preview(bench, tmp_path / "notes.txt", background="#00000000", width=100, height=100)

    pixel = pixels(file)
    assert pixel(2, 2)[3] == 0
    assert pixel(50, 30)[3] == 255


def test_m22_the_ending_of_a_file_is_written_as_it_is(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "x.%{pts}':").write_bytes(b"meow")

    file = preview(bench, tmp_path / "x.%{pts}':")

    assert file.meta["width"] == 300


@pytest.mark.parametrize(
    ("clip_format", "mime", "name"),
    [
        ("webp", "image/webp", "film.webp"),
        ("gif", "image/gif", "film.gif"),
        ("apng", "image/png", "film.png"),
    ],
)
def test_f79_a_clip_moves(bench: Bench, tmp_path: Path, clip_format: str, mime: str, name: str) -> None:
    path = tmp_path / "film.mp4"
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d=4", *X264, path)

    file = preview(
        bench, path, strategy={"video": ["clip"]},
        clip_format=clip_format, clip_duration=2, clip_framerate=4, width=80, height=80,
    )  # fmt: skip

    assert (file.name, file.mime, file.meta["width"]) == (name, mime, 80)
    assert file.path is not None
    body = file.path.read_bytes()
    frames = {"webp": b"ANMF", "gif": b"\x21\xf9\x04", "apng": b"fcTL"}
    assert body.count(frames[clip_format]) == pytest.approx(8, abs=1)
    assert is_white(first_frame(file.path, 80)(40, 2))


def first_frame(path: Path, width: int) -> Callable[[int, int], tuple[int, ...]]:
    """The first frame; ffmpeg before version 8 reads no WebP that moves, whose frame is cut out for it."""
    body = path.read_bytes()
    if body.startswith(b"RIFF"):
        start = body.index(b"ANMF") + 8 + 16
        size = int.from_bytes(body[start - 20 : start - 16], "little") - 16
        frame = body[start : start + size]
        path = path.with_name("frame")
        path.write_bytes(b"RIFF" + (len(frame) + 4).to_bytes(4, "little") + b"WEBP" + frame)
    return picture_at(path, width)


def test_f79_a_clip_that_would_begin_behind_the_end_gives_way_to_the_next(bench: Bench, video: Path) -> None:
    file = preview(bench, video, strategy={"video": ["clip", "frame"]}, clip_offset=99)

    assert is_red(pixels(file)(150, 100))


def test_f79_a_preview_is_packed_as_asked_for(bench: Bench, tmp_path: Path) -> None:
    source = picture(tmp_path, source="testsrc2=s=300x200,format=rgb24")
    options = {"robot": "/file/preview", "use": ":original", "optimize_progressive": True}
    steps = {"loose": {**options, "optimize": False}, "packed": options}

    _, *files = bench.run(steps, bench.upload(source))

    is_interlaced = {
        file.step: png.header_of(png.chunks_of(file.path.read_bytes())).is_interlaced
        for file in files
        if file.path is not None
    }
    assert is_interlaced == {"loose": False, "packed": True}


@pytest.mark.parametrize("name", ["huge-claim.mkv", "two-days.mkv"])
def test_m08_m11_a_video_that_would_keep_the_machine_busy_has_an_icon(
    bench: Bench, clip: Clip, name: str
) -> None:
    file = preview(bench, clip(name), icon_style="square")

    assert is_red(pixels(file)(150, 108))


@pytest.mark.parametrize(
    "parameters",
    [
        {"format": "avif"},
        {"strategy": {"video": ["film"]}},
        {"strategy": {"cats": ["icon"]}},
        {"width": 0},
        {"icon_text_font": "Arial:file=/etc/passwd"},
        {"clip_duration": 3600},
    ],
)
def test_f79_a_preview_that_cannot_be_is_refused_at_creation(parameters: dict[str, Any]) -> None:
    with pytest.raises(StepError, match='of the step "made"') as caught:
        read_steps({"made": {"robot": "/file/preview", **parameters}})

    assert caught.value.code == "FILE_PREVIEW_VALIDATION"
