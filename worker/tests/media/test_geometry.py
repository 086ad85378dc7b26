from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cattube_worker.media.geometry import Area, ResizeStrategy, Size, cut_out, even, resize, turn, turned

LANDSCAPE = Size(400, 300)


# The example of Transloadit's "Resize Strategies": 400 x 300 into 100 x 100, in even numbers.
@pytest.mark.parametrize(
    ("strategy", "size", "filters"),
    [
        pytest.param("fit", (100, 76), ("scale=100:76", "setsar=1"), id="fit"),
        pytest.param("min_fit", (134, 100), ("scale=134:100", "setsar=1"), id="min_fit"),
        pytest.param("fillcrop", (100, 100), ("scale=134:100", "setsar=1", "crop=100:100"), id="fillcrop"),
        pytest.param("pad", (100, 100), ("scale=100:76", "setsar=1", "pad=100:100:-1:-1:black"), id="pad"),
        pytest.param("stretch", (100, 100), ("scale=100:100", "setsar=1"), id="stretch"),
        pytest.param("crop", (100, 100), ("crop=100:100",), id="crop"),
    ],
)
def test_each_strategy_brings_a_large_picture_into_the_box(
    strategy: ResizeStrategy, size: tuple[int, int], filters: tuple[str, ...]
) -> None:
    made = resize(LANDSCAPE, width=100, height=100, strategy=strategy)

    assert made.size == Size(*size)
    assert made.filters == filters


@pytest.mark.parametrize(
    ("strategy", "enlarged", "kept"),
    [
        pytest.param("fit", (800, 600), (400, 300), id="fit"),
        pytest.param("min_fit", (1066, 800), (400, 300), id="min_fit"),
        pytest.param("fillcrop", (800, 800), (400, 300), id="fillcrop"),
        pytest.param("pad", (800, 800), (800, 800), id="pad"),
        pytest.param("stretch", (800, 800), (400, 300), id="stretch"),
        pytest.param("crop", (800, 800), (400, 300), id="crop"),
    ],
)
def test_a_small_picture_is_enlarged_unless_zoom_is_off(
    strategy: ResizeStrategy, enlarged: tuple[int, int], kept: tuple[int, int]
) -> None:
    larger = resize(LANDSCAPE, width=800, height=800, strategy=strategy)
    same = resize(LANDSCAPE, width=800, height=800, strategy=strategy, may_enlarge=False)

    assert larger.size == Size(*enlarged)
    assert same.size == Size(*kept)


def test_a_missing_side_follows_from_the_ratio() -> None:
    assert resize(LANDSCAPE, width=200, height=None, strategy="pad").size == Size(200, 150)
    assert resize(LANDSCAPE, width=None, height=150, strategy="fillcrop").size == Size(200, 150)


def test_without_any_size_only_odd_sides_change() -> None:
    assert resize(LANDSCAPE, width=None, height=None, strategy="pad").filters == ()
    assert resize(Size(321, 181), width=None, height=None, strategy="pad").size == Size(320, 180)


def test_fitting_twice_changes_nothing_the_second_time() -> None:
    once = resize(Size(1080, 1920), width=1280, height=720, strategy="fit", may_enlarge=False)

    again = resize(once.size, width=1280, height=720, strategy="fit", may_enlarge=False)

    assert again.filters == ()


sides = st.integers(min_value=1, max_value=9000)


@given(
    sides, sides, sides, sides, st.booleans(),
    st.sampled_from(["fit", "min_fit", "fillcrop", "pad", "stretch", "crop"]),
)  # fmt: skip
def test_every_size_is_even_and_no_frame_is_larger_than_asked(
    width: int, height: int, box_width: int, box_height: int, zoom: bool, strategy: ResizeStrategy
) -> None:
    made = resize(
        Size(width, height), width=box_width, height=box_height, strategy=strategy, may_enlarge=zoom
    )

    assert made.size.width % 2 == made.size.height % 2 == 0
    assert min(made.size.width, made.size.height) >= 2
    if strategy != "min_fit":
        assert made.size.width <= max(box_width + 1, 2)
        assert made.size.height <= max(box_height + 1, 2)


@pytest.mark.parametrize(
    ("area", "filters", "size"),
    [
        pytest.param(Area("100", "50", "300", "250"), ("crop=200:200:100:50",), (200, 200), id="pixels"),
        pytest.param(Area("25%", "0%", "75%", "50%"), ("crop=200:150:100:0",), (200, 150), id="percent"),
        pytest.param(Area("300", "250", "100", "50"), ("crop=200:200:100:50",), (200, 200), id="swapped"),
        pytest.param(Area("350", "0", "9999", "300"), ("crop=50:300:350:0",), (50, 300), id="over-the-edge"),
    ],
)
def test_crop_coordinates_cut_within_the_picture(
    area: Area, filters: tuple[str, ...], size: tuple[int, int]
) -> None:
    made = cut_out(LANDSCAPE, area)

    assert (made.filters, made.size) == (filters, Size(*size))


def test_a_quarter_turn_swaps_the_sides() -> None:
    assert turn(90) == ("transpose=clock",)
    assert turn(360) == turn(0) == ()
    assert turned(LANDSCAPE, 270) == Size(300, 400)
    assert turned(LANDSCAPE, 180) == LANDSCAPE


@pytest.mark.parametrize(("pixels", "result"), [(0, 2), (1.2, 2), (3.5, 4), (719.6, 720), (721, 720)])
def test_even_numbers(pixels: float, result: int) -> None:
    assert even(pixels) == result
