"""M54: what the numbers of a video mean, where its file says so and where it does not."""

from __future__ import annotations

from typing import Any

import pytest

from cattube_worker.media.color_tags import HD, SD, WIDE, ColorTags, color_tags


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        pytest.param({"height": 720}, HD, id="hd"),
        pytest.param({"height": 719}, SD, id="sd"),
        pytest.param({}, SD, id="of-unknown-size"),
        pytest.param({"height": 480, "color_space": "bt709"}, HD, id="sd-that-states-hd"),
        pytest.param({"height": 1080, "color_space": "smpte170m"}, SD, id="hd-that-states-sd"),
        pytest.param({"height": 1080, "color_space": "unknown"}, HD, id="unknown-is-not-stated"),
        pytest.param({"height": 1080, "color_space": "nonsense:x=1"}, HD, id="nonsense-is-not-stated"),
        pytest.param(
            {"height": 480, "color_transfer": "smpte2084"},
            ColorTags(matrix=WIDE.matrix, primaries=WIDE.primaries, transfer="smpte2084"),
            id="hdr-by-its-transfer",
        ),
        pytest.param(
            {"height": 480, "pix_fmt": "gbrp"}, ColorTags(matrix="gbr", range="pc"), id="rgb-has-no-matrix"
        ),
        pytest.param(
            {"height": 720, "pix_fmt": "yuvj420p"}, ColorTags(range="pc"), id="full-range-by-its-format"
        ),
        pytest.param({"height": 720, "color_range": "pc"}, ColorTags(range="pc"), id="full-range-as-stated"),
    ],
)
def test_m54_colours_are_those_stated_or_known_by_one_rule(
    stream: dict[str, Any], expected: ColorTags
) -> None:
    assert color_tags(stream) == expected
