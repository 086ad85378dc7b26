"""Choice of a still that shows something, among several of one video: many begin black, white or blurred.

Source of the figures: ffmpeg's filter "signalstats", over the frames that the stills are made of.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from cattube_worker.media.encode.output import Output
from cattube_worker.media.filter_escaping import in_filter

# Between the darkest and the brightest tenth of a frame, of 219 shades: mist has less, and a watermark on
# black, which covers less than a tenth, has none.
_TELLING_SHADES = 32
_LAST_SHARE = 0.95  # of the time up to the next still, or to the end
_FRAME = re.compile(r"^frame:\d+ ", re.MULTILINE)
_SHADE = r"^lavfi\.signalstats\.{}=(\d+)"


def candidates(moments: Sequence[float], *, end_seconds: float, count: int) -> tuple[float, ...]:
    """Moments of `count` candidates for each still, the first of them where it was to be."""
    return tuple(
        moment + max(0, end - moment) * _LAST_SHARE * index / count
        for moment, end in pairwise((*moments, end_seconds))
        for index in range(count)
    )


def shades(report: Path) -> tuple[str, ...]:
    """Filters that write into `report` how bright the parts of each frame are."""
    return ("format=yuv444p", "signalstats", f"metadata=print:file={in_filter(str(report))}")


def keep_telling(output: Output, paths: Sequence[Path]) -> list[Path]:
    """The files of the chosen stills; those of the other candidates are removed."""
    report = output.shades_report
    if report is None or not report.exists():
        return list(paths)
    contrasts = _contrasts(report.read_text())
    contrasts += [0] * (len(paths) - len(contrasts))
    kept = []
    for start in range(0, len(paths), output.candidates):
        group = paths[start : start + output.candidates]
        chosen = group[first_telling(contrasts[start : start + len(group)])]
        kept.append(chosen)
        for path in group:
            if path != chosen:
                path.unlink()
    report.unlink()
    return kept


def first_telling(contrasts: Sequence[int]) -> int:
    """Index of the first contrast that is enough, else of the greatest."""
    telling = (index for index, contrast in enumerate(contrasts) if contrast >= _TELLING_SHADES)
    return next(telling, contrasts.index(max(contrasts)))


def _contrasts(text: str) -> list[int]:
    """Difference between bright and dark in each frame of a report."""
    frames = _FRAME.split(text)[1:]
    return [_shade("YHIGH", frame) - _shade("YLOW", frame) for frame in frames]


def _shade(name: str, frame: str) -> int:
    match = re.search(_SHADE.format(name), frame, re.MULTILINE)
    return int(match[1]) if match else 0
