"""Pictures in another size or format."""

from __future__ import annotations

import struct
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cattube_worker.errors import AssemblyError
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.media.inspect.exif import orientation
from cattube_worker.robots.shared.images import BUILTIN_WATERMARK

if TYPE_CHECKING:
    from tests.ffmpeg.conftest import Bench

pytestmark = pytest.mark.ffmpeg


def picture(folder: Path, name: str = "cat.png", source: str = "testsrc2=s=400x300") -> Path:
    path = folder / name
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, "-frames:v", "1", path], check=True
    )
    return path


def pixel(file: AssemblyFile, x: int = 0, y: int = 0) -> tuple[int, ...]:
    """One pixel as red, green, blue and opacity."""
    cut = ["-vf", f"format=rgba,crop=1:1:{x}:{y}:exact=1", "-f", "rawvideo", "-pix_fmt", "rgba", "-"]
    run = ["ffmpeg", "-v", "error", "-i", str(file.path), "-frames:v", "1", *cut]
    return tuple(subprocess.run(run, check=True, capture_output=True).stdout[:4])


def held_upright(path: Path) -> Path:
    """The JPEG with a note that the camera stood on its side."""
    plain = path.read_bytes()
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, 6, 0, 0)
    exif = b"Exif\0\0" + tiff
    path.write_bytes(plain[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + plain[2:])
    return path


def resized(bench: Bench, path: Path, **parameters: Any) -> AssemblyFile:
    steps = {"made": {"robot": "/image/resize", **parameters}}
    (file,) = [file for file in bench.run(steps, bench.upload(path)) if file.step == "made"]
    return file


@pytest.mark.parametrize(
    ("parameters", "size"),
    [
        pytest.param({}, (400, 300), id="as-it-is"),
        pytest.param({"width": 100}, (100, 75), id="by-width"),
        pytest.param({"height": "75px"}, (100, 75), id="by-height-in-words"),
        pytest.param({"width": 100, "height": 100}, (100, 75), id="fit-by-default"),
        pytest.param({"width": 100, "height": 100, "resize_strategy": "min_fit"}, (133, 100), id="min_fit"),
        pytest.param({"width": 100, "height": 100, "resize_strategy": "fillcrop"}, (100, 100), id="fillcrop"),
        pytest.param({"width": 100, "height": 100, "resize_strategy": "pad"}, (100, 100), id="pad"),
        pytest.param({"width": 100, "height": 99, "resize_strategy": "stretch"}, (100, 99), id="stretch"),
        pytest.param({"width": 101, "height": 55, "resize_strategy": "crop"}, (101, 55), id="crop"),
        pytest.param({"width": 800}, (800, 600), id="enlarged"),
        pytest.param({"width": 800, "zoom": False}, (400, 300), id="not-enlarged"),
        pytest.param({"crop": {"x1": 0, "y1": 0, "x2": "50%", "y2": 30}}, (200, 30), id="coordinates"),
        pytest.param({"rotation": 90}, (300, 400), id="turned"),
        pytest.param({"rotation": "30"}, (496, 460), id="turned-a-little"),
        pytest.param({"shave": "10x20"}, (380, 260), id="shaved"),
        pytest.param({"shave": 10}, (380, 280), id="shaved-all-around"),
        pytest.param({"shave": 999}, (2, 2), id="never-shaved-away"),
    ],
)
def test_a_picture_comes_out_in_the_size_asked_for(
    bench: Bench, tmp_path: Path, parameters: dict[str, Any], size: tuple[int, int]
) -> None:
    file = resized(bench, picture(tmp_path), **parameters)

    assert (file.meta["width"], file.meta["height"]) == size
    assert (file.name, file.mime) == ("cat.png", "image/png")


@pytest.mark.parametrize(
    ("wanted", "mime"),
    [
        ("jpg", "image/jpeg"),
        ("png", "image/png"),
        ("webp", "image/webp"),
        ("gif", "image/gif"),
        ("tiff", "image/tiff"),
    ],
)
@pytest.mark.parametrize("name", ["cat.png", "cat.jpg", "cat.webp", "cat.gif", "cat.tiff"])
def test_every_format_becomes_every_other(
    bench: Bench, tmp_path: Path, name: str, wanted: str, mime: str
) -> None:
    file = resized(bench, picture(tmp_path, name), format=wanted, width=40)

    assert (file.name, file.mime, file.meta["width"]) == (f"cat.{wanted}", mime, 40)


@pytest.mark.parametrize("wanted", ["jpg", "png", "webp", "gif", "tiff"])
def test_t57_stretched_picture_has_square_pixels_and_names_no_encoder(
    bench: Bench, tmp_path: Path, wanted: str
) -> None:
    file = resized(bench, picture(tmp_path), format=wanted, width=90, height=90, resize_strategy="stretch")

    assert file.path is not None
    assert pixel_shape(file.path) in {"1:1", "0:1", "N/A"}
    assert b"Lavc" not in file.path.read_bytes()


def pixel_shape(path: Path) -> str:
    """Width of a pixel to its height, as viewers are told; 0:1 and N/A where a file says nothing."""
    entry = ["-show_entries", "stream=sample_aspect_ratio", "-of", "csv=p=0"]
    run = ["ffprobe", "-v", "error", *entry, str(path)]
    return subprocess.run(run, check=True, capture_output=True, text=True).stdout.strip().strip(",")


def test_quality_is_paid_for_in_bytes(bench: Bench, tmp_path: Path) -> None:
    fine = resized(bench, picture(tmp_path), format="jpg", quality=95)
    poor = resized(bench, picture(tmp_path), format="jpg", quality=10)

    assert fine.size_bytes > 2 * poor.size_bytes


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        pytest.param({}, (255, 255, 255, 255), id="white-by-default"),
        pytest.param({"background": "#ff0000"}, (255, 0, 0, 255), id="a-colour"),
        pytest.param({"background": "blue"}, (0, 0, 255, 255), id="by-name"),
        pytest.param({"background": "none"}, (0, 0, 0, 0), id="none"),
        pytest.param(
            {"background": "none", "format": "jpg"}, (255, 255, 255, 255), id="jpg-is-never-see-through"
        ),
    ],
)
def test_what_is_see_through_lies_on_the_background(
    bench: Bench, tmp_path: Path, parameters: dict[str, Any], expected: tuple[int, ...]
) -> None:
    clear = picture(tmp_path, "clear.png", "color=black@0:s=40x30,format=rgba")

    found = pixel(resized(bench, clear, **parameters))

    assert all(abs(one - other) <= 3 for one, other in zip(found, expected, strict=True)), found


def test_the_part_kept_lies_where_gravity_says(bench: Bench, tmp_path: Path) -> None:
    halves = picture(tmp_path, "halves.png", "color=red:s=50x50[a];color=blue:s=50x50[b];[a][b]hstack")

    left = resized(bench, halves, width=20, height=50, resize_strategy="fillcrop", gravity="left")
    right = resized(bench, halves, width=20, height=50, resize_strategy="fillcrop", gravity="right")

    assert pixel(left)[0] > 200 > pixel(right)[0]


def test_a_picture_is_set_upright_as_the_camera_was_held(bench: Bench, tmp_path: Path) -> None:
    held = held_upright(picture(tmp_path, "held.jpg"))
    assert orientation(held) == 6

    upright, lying = resized(bench, held), resized(bench, held, rotation=False)

    assert (upright.meta["width"], upright.meta["height"]) == (300, 400)
    assert (lying.meta["width"], lying.meta["height"]) == (400, 300)
    assert upright.path is not None
    assert b"Exif" not in upright.path.read_bytes()


def test_what_is_no_picture_is_passed_over(bench: Bench, tmp_path: Path) -> None:
    text = tmp_path / "cat.txt"
    text.write_text("meow")

    files = bench.run({"made": {"robot": "/image/resize"}}, bench.upload(text))

    assert [file.step for file in files] == [":original"]


def test_m07_a_picture_larger_than_allowed_is_refused(bench: Bench, tmp_path: Path) -> None:
    with pytest.raises(AssemblyError, match="too large"):
        resized(bench.with_limits(max_pixels=1000), picture(tmp_path))


def test_t20_an_empty_picture_is_invalid_input(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "empty.png").touch()

    with pytest.raises(AssemblyError) as caught:
        resized(bench, tmp_path / "empty.png")

    assert caught.value.code == "INVALID_INPUT_ERROR"


@pytest.mark.parametrize(
    "parameters",
    [
        {"width": 0},
        {"width": 25_001},
        {"format": "exe"},
        {"background": "red;movie=/etc/passwd"},
        {"rotation": "sideways"},
        {"gravity": "attention"},
        {"clip": True},
        {"clut": True},
        {"preclip_alpha": "On"},
        {"correct_gamma": True},
        {"colorspace": "CMYK"},
        {"type": "Palette"},
        {"alpha": "Shape"},
        {"compress": "JPEG2000"},
        {"blur": "5"},
        {"hue": 201},
        {"sepia": 100},
        {"shave": "1x2x3"},
        {"density": "many"},
        {"frame": 0},
        {"transparent": "colourless"},
        {"watermark_url": "file:///etc/passwd"},
        {"watermark_position": []},
        {"text": {"text": "x", "font": "a':textfile=/etc/passwd"}},
        {"text": {"text": "x", "rotate": 90}},
        {"text": {"font": "Arial"}},
        {"blur_regions": [{"x": 0, "y": 0, "width": 0, "height": 1}]},
        {"quality": 101},
    ],
)
def test_m22_parameters_out_of_range_are_refused(
    bench: Bench, tmp_path: Path, parameters: dict[str, Any]
) -> None:
    with pytest.raises(AssemblyError) as caught:
        resized(bench, picture(tmp_path), **parameters)

    assert caught.value.code == "IMAGE_RESIZE_VALIDATION"


def is_near(found: tuple[int, ...], expected: tuple[int, ...], *, by: int = 6) -> bool:
    return all(abs(one - other) <= by for one, other in zip(found, expected, strict=False))


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        pytest.param({"brightness": 1.5}, (150, 75, 30), id="brighter"),
        pytest.param({"brightness": 0.5}, (50, 25, 10), id="darker"),
        pytest.param({"contrast": 2}, (72, 0, 0), id="more-contrast"),
        pytest.param({"contrast": 0}, (128, 128, 128), id="no-contrast"),
        pytest.param({"saturation": 0}, (62, 62, 62), id="no-colour"),
        pytest.param({"hue": 0}, (24, 74, 104), id="opposite-colour"),
        pytest.param({"sepia": 99}, (81, 72, 56), id="sepia"),
        pytest.param({"sepia": 0}, (100, 50, 20), id="no-sepia"),
        pytest.param({"negate": True}, (155, 205, 235), id="negative"),
        pytest.param({"monochrome": True}, (0, 0, 0), id="black-and-white"),
        pytest.param({"type": "Bilevel"}, (0, 0, 0), id="two-tones"),
        pytest.param({"type": "Grayscale"}, (62, 62, 62), id="grey-type"),
        pytest.param({"colorspace": "Gray"}, (62, 62, 62), id="grey"),
        pytest.param({"colorspace": "sRGB", "type": "TrueColor"}, (100, 50, 20), id="as-it-is"),
        pytest.param({"alpha": "Extract"}, (255, 255, 255), id="opacity-as-a-picture"),
        pytest.param({"alpha": "Transparent"}, (100, 50, 20, 0), id="all-clear"),
        pytest.param({"transparent": "#643214"}, (100, 50, 20, 0), id="a-colour-is-clear"),
        pytest.param({"transparent": "100,50,20", "format": "jpg"}, (100, 50, 20, 255), id="never-in-a-jpg"),
        pytest.param({"transparent": "blue"}, (100, 50, 20, 255), id="another-colour-stays"),
    ],
)
def test_an_effect_changes_colours(
    bench: Bench, tmp_path: Path, parameters: dict[str, Any], expected: tuple[int, ...]
) -> None:
    brown = picture(tmp_path, source="color=0x643214:s=40x30,format=rgb24")

    found = pixel(resized(bench, brown, **parameters), 20, 15)

    assert is_near(found, expected), found


@pytest.mark.parametrize(
    ("alpha", "opacity"), [("Opaque", 255), ("Off", 255), ("Remove", 255), ("Deactivate", 255), (None, 128)]
)
def test_opacity_is_kept_or_taken_away(bench: Bench, tmp_path: Path, alpha: str | None, opacity: int) -> None:
    half = picture(tmp_path, source="color=red@0.5:s=40x30,format=rgba")

    found = pixel(resized(bench, half, background="none", alpha=alpha))

    assert abs(found[3] - opacity) <= 2, found


def test_a_blur_runs_over_edges(bench: Bench, tmp_path: Path) -> None:
    halves = picture(tmp_path, source="color=red:s=50x50[a];color=blue:s=50x50[b];[a][b]hstack")

    sharp, blurred = resized(bench, halves), resized(bench, halves, blur="0x8")

    assert pixel(sharp, 45, 25)[2] < 20 < 40 < pixel(blurred, 45, 25)[2]


def test_a_blur_may_be_kept_within_an_ellipse(bench: Bench, tmp_path: Path) -> None:
    halves = picture(tmp_path, source="color=red:s=50x100[a];color=blue:s=50x100[b];[a][b]hstack")
    regions = [
        {"x": 30, "y": 60, "width": 40, "height": "30px"}, {"x": 90, "y": 90, "width": 99, "height": 99},
    ]  # fmt: skip

    file = resized(bench, halves, blur="0x8", blur_regions=regions)

    assert pixel(file, 45, 10)[2] < 20  # above the ellipse
    assert pixel(file, 32, 61)[2] < 20  # in the corner of its rectangle
    assert pixel(file, 45, 75)[2] > 40


def test_a_plain_margin_is_trimmed_away(bench: Bench, tmp_path: Path) -> None:
    framed = picture(tmp_path, source="color=red:s=60x40,format=rgb24,pad=100:80:30:10:white")

    file = resized(bench, framed, trim_whitespace=True)

    assert (file.meta["width"], file.meta["height"]) == (60, 40)
    assert is_near(pixel(file), (254, 0, 0))


def test_a_picture_of_one_colour_is_no_margin(bench: Bench, tmp_path: Path) -> None:
    plain = picture(tmp_path, source="color=white:s=60x40,format=rgb24")

    assert resized(bench, plain, trim_whitespace=True).meta["width"] == 60


MARK = {"watermark_url": BUILTIN_WATERMARK, "width": 200, "height": 200, "resize_strategy": "stretch"}


def changed(file: AssemblyFile, plain: AssemblyFile) -> tuple[int, int, int, int]:
    """The box in which two pictures of one size differ: left, top, right, bottom."""
    run = ["ffmpeg", "-v", "error", "-i", str(file.path), "-i", str(plain.path), "-filter_complex"]
    graph = "[0]format=gbrp[a];[1]format=gbrp[b];[a][b]blend=all_mode=difference,format=gray"
    run += [graph, "-frames:v", "1", "-f", "rawvideo", "-"]
    raw = subprocess.run(run, check=True, capture_output=True).stdout
    width = file.meta["width"]
    points = [divmod(at, width) for at, value in enumerate(raw) if value > 12]
    rows, columns = [row for row, _ in points], [column for _, column in points]
    return min(columns), min(rows), max(columns), max(rows)


@pytest.mark.parametrize(
    ("parameters", "inside"),
    [
        pytest.param({"watermark_position": "top-left"}, (0, 0, 50, 50), id="corner"),
        pytest.param({"watermark_position": ["bottom-right"]}, (150, 150, 200, 200), id="one-of-a-list"),
        pytest.param(
            {"watermark_position": "top-left", "watermark_x_offset": 100, "watermark_y_offset": 20},
            (100, 20, 150, 70),
            id="offsets",
        ),
        pytest.param(
            {"watermark_position": "top-left", "watermark_position_x": 100, "watermark_position_y": 20},
            (100, 20, 150, 70),
            id="older-names",
        ),
        pytest.param({}, (75, 75, 125, 125), id="centre"),
    ],
)
def test_a_watermark_lies_where_it_should(
    bench: Bench, tmp_path: Path, parameters: dict[str, Any], inside: tuple[int, int, int, int]
) -> None:
    plain = resized(bench, picture(tmp_path, source="color=gray:s=40x40"), **MARK | {"watermark_url": ""})

    marked = resized(
        bench, picture(tmp_path, source="color=gray:s=40x40"), **MARK, watermark_size="25%", **parameters
    )

    left, top, right, bottom = changed(marked, plain)
    assert inside[0] <= left < right <= inside[2]
    assert inside[1] <= top < bottom <= inside[3]


@pytest.mark.parametrize(
    ("repeats", "box"),
    [
        pytest.param({"watermark_repeat_x": True}, (0, 60, 199, 140), id="in-a-row"),
        pytest.param({"watermark_repeat_y": True}, (60, 0, 140, 199), id="below-each-other"),
        pytest.param(
            {"watermark_repeat_x": True, "watermark_repeat_y": True}, (0, 0, 199, 199), id="all-over"
        ),
    ],
)
def test_a_watermark_is_repeated_to_the_edges(
    bench: Bench, tmp_path: Path, repeats: dict[str, Any], box: tuple[int, int, int, int]
) -> None:
    red = picture(tmp_path, "red.png", "color=red:s=30x30,format=rgb24")
    grey = picture(tmp_path, source="color=gray:s=200x200,format=rgb24")
    use = [{"name": ":original", "fields": "base", "as": "base"},
           {"name": ":original", "fields": "mark", "as": "watermark"}]  # fmt: skip
    uploads = [replace(bench.upload(grey), field="base"), replace(bench.upload(red), field="mark")]
    steps = {
        "made": {"robot": "/image/resize", "use": {"steps": use}, **repeats},
        "plain": {"robot": "/image/resize", "use": {"steps": [":original"], "fields": ["base"]}},
    }

    files = {file.step: file for file in bench.run(steps, *uploads)}

    left, top, right, bottom = changed(files["made"], files["plain"])
    assert is_near((left, top, right, bottom), box, by=31), (left, top, right, bottom)
    assert [right - left > 150, bottom - top > 150] == [key in repeats for key in (
        "watermark_repeat_x", "watermark_repeat_y")]  # fmt: skip


def test_a_watermark_may_be_faint_and_of_any_shape(bench: Bench, tmp_path: Path) -> None:
    red = picture(tmp_path, "red.png", "color=red:s=40x20,format=rgb24")
    blue = picture(tmp_path, source="color=blue:s=200x200,format=rgb24")
    use = {"steps": [{"name": ":original", "fields": "base", "as": "base"},
                     {"name": ":original", "fields": "mark", "as": "watermark"}]}  # fmt: skip

    def marked(strategy: str, opacity: float = 1) -> AssemblyFile:
        step = {"robot": "/image/resize", "use": use, "watermark_resize_strategy": strategy,
                "watermark_size": "50%", "watermark_opacity": opacity}  # fmt: skip
        uploads = [replace(bench.upload(blue), field="base"), replace(bench.upload(red), field="mark")]
        (file,) = [file for file in bench.run({"made": step}, *uploads) if file.step == "made"]
        return file

    assert is_near(pixel(marked("fit", 0.5), 100, 100), (127, 0, 127), by=10)
    # From the centre: 100 x 50, 200 x 100, 100 x 100, 200 x 100.
    sizes = {"fit": (50, 25), "min_fit": (100, 50), "stretch": (50, 50), "area": (100, 50)}
    for strategy, (across, down) in sizes.items():
        file = marked(strategy)
        assert pixel(file, 100 + across - 4, 100)[0] > 200, strategy
        assert pixel(file, 100, 100 + down - 4)[0] > 200, strategy
        assert pixel(file, 100, 100 + down + 4)[0] < 50, strategy


@pytest.mark.parametrize(
    ("place", "inside"),
    [
        pytest.param({"align": "left", "valign": "top"}, (0, 0, 100, 100), id="corner"),
        pytest.param({"align": "right", "valign": "bottom"}, (100, 100, 200, 200), id="other-corner"),
        pytest.param({"x_offset": -50, "y_offset": 40}, (0, 100, 100, 200), id="from-the-centre"),
    ],
)
def test_words_stand_where_they_should(
    bench: Bench, tmp_path: Path, place: dict[str, Any], inside: tuple[int, int, int, int]
) -> None:
    grey = picture(tmp_path, source="color=gray:s=200x200,format=rgb24")
    words = {"text": "Cat's: 100%{n}", "size": 12, "color": "#ffffff", **place}

    left, top, right, bottom = changed(resized(bench, grey, text=words), resized(bench, grey))

    assert inside[0] <= left < right <= inside[2]
    assert inside[1] <= top < bottom <= inside[3]


def test_words_have_a_background_and_an_outline(bench: Bench, tmp_path: Path) -> None:
    grey = picture(tmp_path, source="color=gray:s=200x200,format=rgb24")
    plain = {"text": "OOOO", "size": 40, "color": "#808080"}

    def reds(**style: Any) -> int:
        file = resized(bench, grey, text=[{**plain, **style}])
        run = ["ffmpeg", "-v", "error", "-i", str(file.path), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
        raw = subprocess.run(run, check=True, capture_output=True).stdout
        return sum(red > 200 > 100 > green for red, green in zip(raw[::3], raw[1::3], strict=True))

    assert reds() == 0
    assert reds(stroke_width=2, stroke_color="red") > 200
    assert reds(background_color="red") > 1500


def test_an_animation_stays_one_unless_a_frame_is_chosen(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "cat.gif"
    colours = "color=red:s=40x30:r=5:d=0.2[a];color=blue:s=40x30:r=5:d=0.2[b];[a][b]concat,format=rgb24"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", colours, path], check=True)

    moving = resized(bench, path, width=20)
    second = resized(bench, path, width=20, frame=2)
    still = resized(bench, path, width=20, format="png")

    assert frames(moving) == 2
    assert (frames(second), pixel(second)[2] > 200) == (1, True)
    assert (frames(still), pixel(still)[0] > 200) == (1, True)


def frames(file: AssemblyFile) -> int:
    asked = ["-count_frames", "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", str(file.path)]
    said = subprocess.run(["ffprobe", "-v", "error", *asked], check=True, capture_output=True, text=True)
    return int(said.stdout)


def test_a_png_comes_in_passes_and_says_its_density(bench: Bench, tmp_path: Path) -> None:
    plain = resized(bench, picture(tmp_path), format="png")
    fine = resized(bench, picture(tmp_path), format="png", progressive=True, density="300x300")

    assert [file.path is not None and file.path.read_bytes()[28] for file in (plain, fine)] == [0, 1]
    assert fine.path is not None
    body = fine.path.read_bytes()
    at = body.index(b"pHYs") + 4
    assert struct.unpack(">II", body[at : at + 8]) == (11811, 11811)


def test_a_tiff_is_packed_as_asked(bench: Bench, tmp_path: Path) -> None:
    loose = resized(bench, picture(tmp_path), format="tiff", compress="None")
    packed = resized(bench, picture(tmp_path), format="tiff", compress="LZW")

    assert loose.size_bytes > 2 * packed.size_bytes


def test_m07_a_picture_that_would_become_too_large_is_refused(bench: Bench, tmp_path: Path) -> None:
    narrow = picture(tmp_path, source="color=red:s=10x300")

    with pytest.raises(AssemblyError, match="too large"):
        resized(bench, narrow, width=20_000)
