import re
from pathlib import Path

import pytest
from django.template import Context, Template, TemplateSyntaxError

from cattube.design.templatetags import icons

TEMPLATES = icons.ART.parents[1] / "web" / "templates"
USE = re.compile(r'{% (icon|drawing|mark) "([\w-]+)" %}')


def render(source: str) -> str:
    return Template("{% load icons %}" + source).render(Context())


def test_an_icon_is_inline_and_silent_to_screen_readers() -> None:
    html = render('{% icon "play" %}')

    assert html.startswith('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">')
    assert html.endswith("</svg>")


def test_a_drawing_keeps_its_own_view_box() -> None:
    assert 'viewBox="0 0 240 160"' in render('{% drawing "box" %}')


@pytest.mark.parametrize("name", ["wordmark", "watching", "play"])
def test_every_mark_is_there(name: str) -> None:
    assert render(f'{{% mark "{name}" %}}').startswith("<svg")


def test_an_unknown_icon_names_the_file_that_is_missing() -> None:
    with pytest.raises(TemplateSyntaxError, match=r"There is no art/icons/dog\.svg"):
        render('{% icon "dog" %}')


@pytest.mark.parametrize("path", sorted(icons.ART.rglob("*.svg")), ids=lambda path: path.stem)
def test_no_drawing_carries_a_style_or_a_script_the_policy_would_block(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert "style=" not in text
    assert "<style" not in text
    assert "<script" not in text


def test_every_drawing_is_used_by_a_template_and_none_is_missing() -> None:
    uses = {use for path in TEMPLATES.rglob("*.html") for use in USE.findall(path.read_text())}

    assert {(path.parent.name.removesuffix("s"), path.stem) for path in icons.ART.rglob("*.svg")} == uses
