"""The rows as one SVG: a bar for each, as a multiple of its reference, and its limit as a tick. Pure.

Readable in light and dark by itself: whatever shows it, only the system's colour scheme counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from bench.row import Row

WIDTH, ROW_HEIGHT, BAR_HEIGHT = 960, 24, 10
TOP, PANEL_HEAD, PANEL_GAP = 76, 34, 20
NAME_X, BARS_X, BARS_WIDTH, RATIO_X, OURS_X, LIMIT_X, MARK_X = 20, 396, 264, 722, 836, 910, 926
# A bar longer than this would leave nothing to see of the others.
MOST_TIMES = 4.0

STYLE = Path(__file__).with_name("chart.css").read_text()


def chart(rows: Sequence[Row]) -> str:
    """The whole picture, as the text of an SVG file."""
    panels = [
        ("Less is better", [row for row in rows if not row.more_is_better]),
        ("More is better", [row for row in rows if row.more_is_better]),
    ]
    parts, y = list[str](), TOP
    for title, members in panels:
        if members:
            parts.append(_panel(title, members, y))
            y += PANEL_HEAD + ROW_HEIGHT * len(members) + PANEL_GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" role="img">'
        f"<title>Measured figures beside their references</title><style>{STYLE}</style>"
        f'<rect class="surface" width="{WIDTH}" height="{y}" rx="16"/>{_head()}{"".join(parts)}</svg>\n'
    )


def _head() -> str:
    return (
        f'<text class="head" x="{NAME_X}" y="36">Measured by make bench</text>'
        f'<text class="quiet" x="{NAME_X}" y="58">A bar is our figure as a multiple of its reference in the'
        " same run. The tick is the limit we aim at.</text>"
    )


def _panel(title: str, rows: Sequence[Row], y: float) -> str:
    most = min(MOST_TIMES, 1.1 * max(1.0, *(max(row.ratio, row.limit_ratio) for row in rows)))
    pixels = BARS_WIDTH / most
    bottom = y + PANEL_HEAD + ROW_HEIGHT * len(rows)
    one = BARS_X + pixels
    lines = [_row(row, y + PANEL_HEAD + ROW_HEIGHT * number, pixels) for number, row in enumerate(rows)]
    return (
        f'<g><text class="panel" x="{NAME_X}" y="{y + 20}">{title}</text>'
        f'<text class="quiet middle" x="{one:.1f}" y="{y + 20}">reference</text>'
        f'<text class="quiet end" x="{OURS_X}" y="{y + 20}">ours</text>'
        f'<text class="quiet end" x="{LIMIT_X}" y="{y + 20}">limit</text>'
        f'{"".join(lines)}<path class="reference" d="M{one:.1f} {y + PANEL_HEAD - 6}V{bottom}"/></g>'
    )


def _row(row: Row, y: float, pixels: float) -> str:
    """One line of a panel. pixels: the length of a bar as long as its reference."""
    baseline, top = y + 16, y + (ROW_HEIGHT - BAR_HEIGHT) / 2
    name, limit = escape(row.name), BARS_X + row.limit_ratio * pixels
    tick = f'<path class="limit" d="M{limit:.1f} {top - 3}v{BAR_HEIGHT + 6}"/>'
    mark = "l4 4 7 -9" if row.holds else "m1 -4l8 8m0 -8l-8 8"
    return (
        f'<g class="{"holds" if row.holds else "missed"}"><text x="{NAME_X}" y="{baseline}">{name}</text>'
        f'<rect class="track" x="{BARS_X}" y="{top}" width="{BARS_WIDTH}" height="{BAR_HEIGHT}" rx="2"/>'
        f"{_bar(row.ratio * pixels, top)}{tick if limit <= BARS_X + BARS_WIDTH else ''}"
        f'<text class="ratio end" x="{RATIO_X}" y="{baseline}">{_figure(row.ratio)} x</text>'
        f'<text class="end" x="{OURS_X}" y="{baseline}">{_figure(row.ours)} {escape(row.unit)}</text>'
        f'<text class="quiet end" x="{LIMIT_X}" y="{baseline}">{"≥" if row.more_is_better else "≤"}'
        f' {_figure(row.limit)}</text><path class="mark" d="M{MARK_X} {baseline - 4}{mark}"/></g>'
    )


def _bar(length: float, top: float) -> str:
    bar = f'<rect class="bar" x="{BARS_X}" y="{top}" height="{BAR_HEIGHT}" rx="2" '
    if length <= BARS_WIDTH:
        return f'{bar}width="{length:.1f}"/>'
    cut = f"M{BARS_X + BARS_WIDTH - 14} {top + BAR_HEIGHT + 2}l6 -{BAR_HEIGHT + 4}"
    return f'{bar}width="{BARS_WIDTH}"/><path class="cut" d="{cut}"/>'


def _figure(value: float) -> str:
    """Three digits or so."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
