import pytest
from contract_files import CONTRACT
from django.template import Context, Template

from cattube.design.templatetags.shapes import SHAPES, shape

STYLES = CONTRACT.parent / "web-application/frontend/src/css/components/player/layout.css"


@pytest.mark.parametrize(
    ("width", "height", "name"),
    [
        (1080, 1920, "9:16"),
        (608, 1080, "9:16"),
        (500, 1920, "9:16"),
        (1080, 1350, "4:5"),
        (1080, 1080, "1:1"),
        (640, 480, "4:3"),
        (1920, 1080, "16:9"),
        (854, 480, "16:9"),
        (1280, 540, ""),
        (None, None, ""),
    ],
)
def test_the_player_is_hardly_wider_than_its_video(width: int | None, height: int | None, name: str) -> None:
    assert shape(width, height) == name


def test_every_shape_has_its_style() -> None:
    styles = STYLES.read_text()

    assert [name for name in SHAPES if f'[data-shape="{name}"]' not in styles] == []


def test_a_template_writes_the_shape() -> None:
    page = Template("{% load shapes %}{{ width|shape:height }}")

    assert page.render(Context({"width": 1080, "height": 1920})) == "9:16"
