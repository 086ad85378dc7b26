"""The graph from an icon to a preview. Pure."""

from __future__ import annotations

from pathlib import Path

from cattube_worker.media.colors import ffmpeg_rgba, rgba
from cattube_worker.media.filter_escaping import in_filter
from cattube_worker.media.geometry import Size
from cattube_worker.media.stills.graph import StillGraph
from cattube_worker.media.stills.icon import ICON_SIDE
from cattube_worker.robots.file_preview.parameters import PreviewParameters

# Shares of the preview: the side of the icon, and its middle from above.
_PLACES = {"square": (0.8, 0.5), "with-text": (0.66, 0.4)}
_TEXT_TOP, _TEXT_HEIGHT = 0.8, 0.12


def icon_graph(parameters: PreviewParameters, words: Path | None = None, text: str = "") -> StillGraph:
    """The icon in the size of the preview. words: the file that holds the text below it; None for none."""
    width, height = parameters.width, parameters.height
    share, middle = _PLACES[parameters.icon_style]
    side = max(1, round(share * min(width, height)))
    left, top = (width - side) // 2, max(0, round(height * middle - side / 2))
    ground = ffmpeg_rgba((*rgba(parameters.background)[:3], 0))
    graph = StillGraph(Size(ICON_SIDE, ICON_SIDE))
    graph.then((f"scale={side}:{side}:flags=area",), Size(side, side))
    graph.then((f"pad={width}:{height}:{left}:{top}:{ground}",), Size(width, height))
    if words is not None:
        graph.then((_text(parameters, words, text),))
    return graph


def _text(parameters: PreviewParameters, words: Path, text: str) -> str:
    """The filter that writes the text below the icon."""
    # A letter is hardly wider than two thirds of its height.
    size = min(parameters.height * _TEXT_HEIGHT, parameters.width / len(text) * 1.4)
    options = {
        "textfile": in_filter(str(words)),
        "expansion": "none",  # else "%{...}" would be a command
        "font": f"'{parameters.icon_text_font}'",
        "fontsize": str(max(1, round(size))),
        "fontcolor": ffmpeg_rgba(rgba(parameters.icon_text_color)),
        "x": "(w-text_w)/2",
        "y": str(round(parameters.height * _TEXT_TOP)),
    }
    return "drawtext=" + ":".join(f"{name}={value}" for name, value in options.items())
