"""Filter graph of one still picture, built step by step. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cattube_worker.media.encode.filters.watermark import Watermark, scaled_size, tiled, upper_left
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.geometry import Size
from cattube_worker.media.stills.effects import Ellipse, in_ellipse

MOST_MARKS = 10_000


@dataclass
class StillGraph:
    """Filters of input 0 so far. size: of the picture that they end at."""

    size: Size
    chains: list[str] = field(default_factory=list)
    _source: str = "[0:v:0]"
    _filters: list[str] = field(default_factory=lambda: ["format=rgba"])
    _pads: int = 0

    def then(self, filters: Sequence[str], size: Size | None = None) -> None:
        """Append these filters, which end at that size."""
        self._filters += filters
        self.size = size or self.size

    def blur_within(self, ellipses: Sequence[Ellipse], sigma: float) -> None:
        """Blur the picture within these ellipses."""
        for ellipse in ellipses:
            under, part, blurred = self._pad(), self._pad(), self._pad()
            self._end(f"split{under}{part}")
            self.chains.append(part + ",".join(in_ellipse(ellipse, sigma)) + blurred)
            self._begin(under + blurred, f"overlay={ellipse.x}:{ellipse.y}:format=rgb")

    def lay_over(self, mark: Watermark, natural: Size, *, across: bool, down: bool) -> None:
        """Overlay input 1, once or repeated in either direction. Raises InvalidInput."""
        size = scaled_size(natural, self.size, mark)
        position, (columns, rows) = upper_left(size, self.size, mark), (1, 1)
        if across or down:
            position, (columns, rows) = tiled(position, size, self.size, across=across, down=down)
        if columns * rows > MOST_MARKS:
            raise InvalidInput("The watermark is too small to be repeated over the whole picture.")
        filters = ["format=rgba"]
        if mark.opacity < 1:
            filters.append(f"colorchannelmixer=aa={mark.opacity:g}")
        filters.append(f"scale={size.width}:{size.height}")
        if columns * rows > 1:
            filters += [f"loop=loop={columns * rows - 1}:size=1:start=0", f"tile={columns}x{rows}"]
        under, over = self._pad(), self._pad()
        self._end(under)
        self.chains.append("[1:v:0]" + ",".join(filters) + over)
        self._begin(under + over, f"overlay={position[0]}:{position[1]}:format=rgb")

    def flatten(self, red: int, green: int, blue: int) -> None:
        """Overlay the picture on a colour, which shows where it is transparent."""
        over, base, under = self._pad(), self._pad(), self._pad()
        self._end(f"split{over}{base}")
        self.chains.append(f"{base}lutrgb=r={red}:g={green}:b={blue}:a=255{under}")
        self._begin(under + over, "overlay=format=rgb")

    def few_colors(self) -> None:
        """Reduce the colours to a GIF's palette, chosen for this picture."""
        plain, chosen, palette = self._pad(), self._pad(), self._pad()
        self._end(f"split{plain}{chosen}")
        self.chains.append(f"{chosen}palettegen=reserve_transparent=1{palette}")
        self._begin(plain + palette, "paletteuse")

    @property
    def filters(self) -> Sequence[str]:
        """Filters of the open chain."""
        return tuple(self._filters)

    def text(self) -> str:
        """Text of the graph for -filter_complex; it ends in the pad [out]."""
        return ";".join([*self.chains, self._source + ",".join(self._filters) + "[out]"])

    def _pad(self) -> str:
        self._pads += 1
        return f"[p{self._pads}]"

    def _end(self, end: str) -> None:
        """End the open chain in a pad, or in a filter with its pads."""
        pads = "" if end.startswith("[") else ","
        self.chains.append(self._source + ",".join(self._filters) + pads + end)

    def _begin(self, source: str, *filters: str) -> None:
        self._source, self._filters = source, list(filters)
