"""Resize of a still picture: unlike a video, it may have odd sides. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from cattube_worker.media.geometry import ResizeStrategy, Size

_COVERING = frozenset({"min_fit", "fillcrop"})
# Position of a crop, as a share of the pixels that are cut off.
_SHARES = {"left": 0.0, "right": 1.0, "top": 0.0, "bottom": 1.0}


@dataclass(frozen=True, kw_only=True)
class StillResize:
    """Size to reach. A missing side follows from the picture's own ratio. background: as ffmpeg names it."""

    width: int | None = None
    height: int | None = None
    strategy: ResizeStrategy = "fit"
    may_enlarge: bool = True
    gravity: str = "center"
    background: str = "white"

    def filters(self, source: Size) -> tuple[str, ...]:
        """Filters from `source` to that size. Source: Transloadit docs, "Resize Strategies"."""
        if self.width is None and self.height is None:
            return ()
        box = self._box(source)
        if self.strategy == "crop" and source.width >= box.width and source.height >= box.height:
            return self._crop(source, box)
        inner = self._scaled(source, box)
        scaling = () if inner == source else (f"scale={inner.width}:{inner.height}:flags=lanczos",)
        if self.strategy in {"fillcrop", "crop"}:
            return (*scaling, *self._crop(inner, box))
        if self.strategy == "pad" and inner != box:
            return (*scaling, f"pad={box.width}:{box.height}:-1:-1:{self.background}")
        return scaling

    def size(self, source: Size) -> Size:
        """Size that `filters` end at."""
        if self.width is None and self.height is None:
            return source
        box = self._box(source)
        if self.strategy == "pad":
            return box
        if self.strategy == "crop" and source.width >= box.width and source.height >= box.height:
            return box
        inner = self._scaled(source, box)
        if self.strategy in {"fillcrop", "crop"}:
            return Size(min(inner.width, box.width), min(inner.height, box.height))
        return inner

    def _box(self, source: Size) -> Size:
        width, height = self.width, self.height
        return Size(
            width or _pixels(source.width * (height or 0) / source.height),
            height or _pixels(source.height * (width or 0) / source.width),
        )

    def _scaled(self, source: Size, box: Size) -> Size:
        across, down = box.width / source.width, box.height / source.height
        if not self.may_enlarge:
            across, down = min(across, 1), min(down, 1)
        if self.strategy != "stretch":
            across = down = max(across, down) if self.strategy in _COVERING | {"crop"} else min(across, down)
        return Size(_pixels(source.width * across), _pixels(source.height * down))

    def _crop(self, source: Size, box: Size) -> tuple[str, ...]:
        size = Size(min(source.width, box.width), min(source.height, box.height))
        if size == source:
            return ()
        sides = self.gravity.split("-")
        x = next((_SHARES[side] for side in sides if side in {"left", "right"}), 0.5)
        y = next((_SHARES[side] for side in sides if side in {"top", "bottom"}), 0.5)
        left, top = int((source.width - size.width) * x), int((source.height - size.height) * y)
        return (f"crop={size.width}:{size.height}:{left}:{top}:exact=1",)


def _pixels(value: float) -> int:
    return max(1, round(value))
