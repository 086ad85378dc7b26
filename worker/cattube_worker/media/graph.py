"""The filter graph of a recipe: each frame is decoded once and goes wherever it is needed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cattube_worker.media.geometry import Size
from cattube_worker.media.recipe import Branch
from cattube_worker.media.stills import choose_frames
from cattube_worker.media.watermark import Watermark, mark_filters, overlay_filter, place, scaled_size

FIRST_VIDEO = "0:V:0"  # V, not v: the cover picture of a song is no video


@dataclass(frozen=True)
class Graph:
    """text: for -filter_complex, empty where no frame is needed.

    pads: per branch, the pad its file is made from; none for those that keep the pictures they are given.
    """

    text: str
    pads: Mapping[str, str]


def watermarks_of(branches: Sequence[Branch]) -> list[Watermark]:
    """The watermarks in the order in which their pictures are inputs, after the video itself."""
    return [branch.watermark for branch in branches if branch.watermark is not None]


def filter_graph(
    branches: Sequence[Branch], *, mark_sizes: Sequence[Size] = (), start_seconds: float = 0
) -> Graph:
    """The graph of `branches`, each of which comes after the one it takes its frames from.

    mark_sizes: the natural sizes of `watermarks_of(branches)`. start_seconds: where the frames begin.
    """
    given_on = {branch.source for branch in branches}
    taking = [each for each in branches if not each.output.keeps_video or each.name in given_on]
    weaver = _Weaver(taking, mark_sizes, start_seconds)
    for branch in taking:
        weaver.add(branch)
    return Graph(";".join(weaver.chains), weaver.outputs)


@dataclass
class _Weaver:
    branches: Sequence[Branch]
    mark_sizes: Sequence[Size]
    start_seconds: float
    chains: list[str] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)
    free: dict[str | None, list[str]] = field(default_factory=dict)  # pads that nobody has taken yet
    marks: int = 0

    def __post_init__(self) -> None:
        roots = self._followers(None)
        self.free[None] = [f"[{FIRST_VIDEO}]"]
        if roots > 1:
            self.free[None] = self._pads("source", roots)
            self.chains.append(f"[{FIRST_VIDEO}]split={roots}" + "".join(self.free[None]))

    def add(self, branch: Branch) -> None:
        taken = self.free[branch.source].pop()
        filters = list(branch.filters)
        if branch.watermark is not None:
            taken, filters = self._overlay(branch, branch.watermark, taken, filters)
        own = 0 if branch.output.keeps_video else 1
        pads = self._pads(branch.name, self._followers(branch.name) + own)
        if len(pads) > 1:
            filters.append(f"split={len(pads)}")
        self.chains.append(taken + (",".join(filters) or "null") + "".join(pads))
        self.free[branch.name] = pads[own:]
        if own:
            self.outputs[branch.name] = self._finish(branch, pads[0])

    def _overlay(
        self, branch: Branch, mark: Watermark, taken: str, filters: list[str]
    ) -> tuple[str, list[str]]:
        """Chains for both pictures, and how to go on from where they lie over each other."""
        natural = self.mark_sizes[self.marks]
        self.marks += 1
        size = scaled_size(natural, branch.frames.size, mark)
        pad = f"[mark{self.marks}]"
        self.chains.append(f"[{self.marks}:v:0]" + ",".join(mark_filters(mark, size)) + pad)
        if filters:
            under = f"[under{self.marks}]"
            self.chains.append(taken + ",".join(filters) + under)
            taken = under
        return taken + pad, [overlay_filter(mark, place(size, branch.frames.size, mark))]

    def _finish(self, branch: Branch, pad: str) -> str:
        filters = (*self._choice(branch), *branch.output_filters)
        if not filters:
            return pad
        finished = f"[file{len(self.outputs)}]"
        self.chains.append(pad + ",".join(filters) + finished)
        return finished

    def _choice(self, branch: Branch) -> tuple[str, ...]:
        moments = branch.output.stills_at_seconds
        if moments is None:
            return ()
        return choose_frames([moment - self.start_seconds for moment in moments])

    def _followers(self, name: str | None) -> int:
        return sum(branch.source == name for branch in self.branches)

    def _pads(self, name: str, count: int) -> list[str]:
        """Pads numbered by the branch's place: a step's own name could hold any character."""
        names = [branch.name for branch in self.branches]
        number = names.index(name) if name in names else "s"
        return [f"[b{number}_{index}]" for index in range(count)]
