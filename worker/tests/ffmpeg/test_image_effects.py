"""Effects on pictures: colours, opacity, blurs, trimmed margins."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.ffmpeg.conftest import Bench
from .pictures import is_near, picture, pixel, resized

pytestmark = pytest.mark.ffmpeg


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
