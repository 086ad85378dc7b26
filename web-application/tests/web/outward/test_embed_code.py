"""Code that shows a video in other pages: it has the video's shape, and a title stays a title."""

from __future__ import annotations

import pytest

from cattube.web.outward.embed_code import Size, embed_code, embed_size


@pytest.mark.parametrize(
    ("shape", "limits", "size"),
    [
        pytest.param((1920, 1080), {}, Size(640, 360), id="wide"),
        pytest.param((1080, 1920), {}, Size(360, 640), id="upright"),
        pytest.param((None, None), {}, Size(640, 360), id="unknown"),
        pytest.param((1920, 1080), {"max_width": 300}, Size(300, 169), id="narrow"),
        pytest.param((1920, 1080), {"max_height": 180}, Size(320, 180), id="low"),
        pytest.param((1920, 1080), {"max_width": 1280}, Size(1280, 720), id="large"),
        pytest.param((1080, 1920), {"max_width": 640, "max_height": 360}, Size(202, 360), id="upright-low"),
        pytest.param((4000, 2), {"max_width": 100}, Size(100, 1), id="a-line"),
    ],
)
def test_player_has_the_shape_of_its_video_within_the_limits(
    shape: tuple[int | None, int | None], limits: dict[str, int], size: Size
) -> None:
    assert embed_size(*shape, **limits) == size


def test_d115_title_ends_no_attribute_of_the_code() -> None:
    """D115"""
    code = embed_code("http://x/embed/a", title='"><script>alert(1)</script>', size=Size(640, 360))

    assert 'title="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" width="640" height="360"' in code
