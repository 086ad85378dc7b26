from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cattube_worker.execution.steps.fetched_images import BUILTIN_WATERMARK_PATH
from cattube_worker.media.color_tags import HD
from cattube_worker.media.encode.filters.watermark import (
    Watermark,
    mark_filters,
    overlay_filter,
    png_size,
    scaled_size,
    tiled,
    upper_left,
)
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.geometry import Size

VIDEO = Size(800, 600)


def mark(**changes: Any) -> Watermark:
    return Watermark(path=Path("mark"), **changes)


# The example of Transloadit's documentation: a 400 x 300 mark at 25 % on an 800 x 800 video.
@pytest.mark.parametrize(
    ("strategy", "size"),
    [
        pytest.param("fit", (200, 150), id="fit"),
        pytest.param("stretch", (200, 200), id="stretch"),
        pytest.param("area", (462, 346), id="area"),
    ],
)
def test_a_mark_takes_its_share_of_the_video(strategy: Any, size: tuple[int, int]) -> None:
    laid = scaled_size(Size(400, 300), Size(800, 800), mark(size_percent=25, strategy=strategy))

    assert laid == Size(*size)


def test_a_mark_without_a_size_keeps_its_own() -> None:
    assert scaled_size(Size(400, 300), VIDEO, mark()) == Size(400, 300)


@pytest.mark.parametrize(
    ("position", "at"),
    [
        ("center", (355, 258)),
        ("top", (355, 8)),
        ("bottom", (355, 492)),
        ("left", (5, 258)),
        ("right", (695, 258)),
        ("top-left", (5, 8)),
        ("top-right", (695, 8)),
        ("bottom-left", (5, 492)),
        ("bottom-right", (695, 492)),
    ],
)
def test_positive_offsets_move_towards_the_centre(position: str, at: tuple[int, int]) -> None:
    assert upper_left(Size(100, 100), VIDEO, mark(position=position, x_offset=5, y_offset=8)) == at


def test_negative_offsets_move_off_the_edge() -> None:
    assert upper_left(Size(100, 100), VIDEO, mark(position="top-right", x_offset=-10, y_offset=10)) == (
        710,
        10,
    )


@pytest.mark.parametrize(
    ("changes", "filter_text"),
    [
        pytest.param({}, "overlay=1:2", id="always"),
        pytest.param({"start_seconds": 3}, "overlay=1:2:enable='gte(t,3)'", id="from-a-moment"),
        pytest.param(
            {"start_seconds": 3, "duration_seconds": 1.5},
            "overlay=1:2:enable='between(t,3,4.5)'",
            id="for-a-while",
        ),
    ],
)
def test_a_mark_is_seen_in_its_time(changes: dict[str, Any], filter_text: str) -> None:
    assert overlay_filter(mark(**changes), (1, 2)) == filter_text


def test_opacity_fades_the_marks_own_transparency() -> None:
    assert "colorchannelmixer=aa=0.7" in mark_filters(mark(opacity=0.7), Size(10, 10), HD)
    assert not any("colorchannelmixer" in each for each in mark_filters(mark(), Size(10, 10), HD))


def test_our_own_mark_is_a_picture_of_reasonable_size() -> None:
    assert png_size(BUILTIN_WATERMARK_PATH) == Size(1024, 366)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\x89PNG\r\n\x1a\n", id="signature-only"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(8), id="no-pixels"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xff", id="too-many-pixels"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", id="svg"),
        pytest.param(b"#EXTM3U\nhttp://127.0.0.1/x\n", id="playlist"),
    ],
)
def test_m22_a_mark_that_is_no_sound_png_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mark"
    path.write_bytes(content)

    with pytest.raises(InvalidInput, match="watermark"):
        png_size(path)


def test_a_mark_may_cover_its_share_by_its_shorter_side() -> None:
    laid = scaled_size(Size(400, 300), Size(800, 800), mark(size_percent=25, strategy="min_fit"))

    assert laid == Size(267, 200)


@pytest.mark.parametrize(
    ("across", "down", "expected"),
    [
        pytest.param(True, True, ((-5, -2), (6, 7)), id="both"),
        pytest.param(True, False, ((-5, 18), (6, 1)), id="across"),
        pytest.param(False, True, ((25, -2), (1, 7)), id="down"),
    ],
)
def test_repeated_marks_cover_the_picture_and_meet_the_one(
    across: bool, down: bool, expected: tuple[tuple[int, int], tuple[int, int]]
) -> None:
    assert tiled((25, 18), Size(10, 10), Size(50, 60), across=across, down=down) == expected
