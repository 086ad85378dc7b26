from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from bench.chart import BARS_WIDTH, BARS_X, chart
from bench.row import Row

SVG = "{http://www.w3.org/2000/svg}"


def row(name: str = "encode", *, ours: float = 8, limit: float = 12, more_is_better: bool = False) -> Row:
    return Row(
        name=name,
        ours=ours,
        reference=10,
        unit="s",
        limit=limit,
        bar="1.2 x bare",
        more_is_better=more_is_better,
    )


def bars(svg: str) -> list[float]:
    found = ET.fromstring(svg).iter(f"{SVG}rect")
    return [float(each.attrib["width"]) for each in found if each.get("class") == "bar"]


def reference_line(svg: str) -> float:
    (line,) = (each for each in ET.fromstring(svg).iter(f"{SVG}path") if each.get("class") == "reference")
    return _x(line)


def ticks(svg: str) -> list[float]:
    return [_x(each) for each in ET.fromstring(svg).iter(f"{SVG}path") if each.get("class") == "limit"]


def _x(path: ET.Element) -> float:
    found = re.match(r"M([\d.]+) ", path.attrib["d"])
    assert found
    return float(found[1])


def test_a_bar_is_as_long_as_its_part_of_the_reference() -> None:
    svg = chart([row(ours=5), row(ours=10)])

    half, whole = bars(svg)

    assert half == pytest.approx(whole / 2, abs=0.1)
    assert BARS_X + whole == pytest.approx(reference_line(svg), abs=0.1)


def test_the_tick_stands_at_the_limit() -> None:
    svg = chart([row(ours=12, limit=12)])

    assert ticks(svg) == pytest.approx([BARS_X + bars(svg)[0]], abs=0.1)


def test_what_does_not_fit_is_cut_and_its_tick_left_out() -> None:
    svg = chart([row(ours=400, limit=300)])

    assert bars(svg) == [BARS_WIDTH]
    assert 'class="cut"' in svg
    assert ticks(svg) == []


@pytest.mark.parametrize(
    ("ours", "more_is_better", "said"),
    [
        pytest.param(12, False, "holds", id="just-little-enough"),
        pytest.param(12.1, False, "missed", id="too-much"),
        pytest.param(12, True, "holds", id="just-enough"),
        pytest.param(11.9, True, "missed", id="too-little"),
    ],
)
def test_a_row_shows_whether_its_limit_holds(ours: float, more_is_better: bool, said: str) -> None:
    svg = chart([row(ours=ours, more_is_better=more_is_better)])

    groups = {each.get("class") for each in ET.fromstring(svg).iter(f"{SVG}g")}
    assert groups == {None, said}


def test_rows_in_which_more_is_better_stand_by_themselves() -> None:
    svg = chart([row("speed", more_is_better=True), row("time")])

    texts = ["".join(each.itertext()) for each in ET.fromstring(svg).iter(f"{SVG}text")]

    order = [texts.index(each) for each in ("Less is better", "time", "More is better", "speed")]
    assert order == sorted(order)


def test_a_name_with_signs_of_xml_stays_text() -> None:
    svg = chart([row("a < b & c")])

    assert "a < b & c" in [each.text for each in ET.fromstring(svg).iter(f"{SVG}text")]


def test_nothing_is_loaded_from_elsewhere() -> None:
    svg = chart([row()])

    assert re.findall(r"https?://[^\"]+", svg) == ["http://www.w3.org/2000/svg"]
    assert "url(" not in svg
    assert "@import" not in svg
