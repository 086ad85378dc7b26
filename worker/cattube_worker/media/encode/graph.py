"""The filter graph of a recipe: each frame is decoded once and goes wherever it is needed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cattube_worker.media.encode.branches import Branch
from cattube_worker.media.encode.shared_scaling import larger_ones, scaled_down
from cattube_worker.media.encode.watermark import Watermark, mark_filters, overlay_filter, place, scaled_size
from cattube_worker.media.geometry import Size
from cattube_worker.media.stills.moments import choose_frames

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
    taking = [each for each in branches if not each.output.copies_video or each.name in given_on]
    weaver = _Weaver(taking, mark_sizes, start_seconds)
    for branch in taking:
        weaver.add(branch)
    return Graph(";".join(weaver.chains), weaver.outputs)


@dataclass(frozen=True)
class _Origin:
    """The frames that a branch is made from: a file's, or a branch's before or after its watermark."""

    name: str | None
    is_unmarked: bool = False


@dataclass
class _Weaver:
    branches: Sequence[Branch]
    mark_sizes: Sequence[Size]
    start_seconds: float
    chains: list[str] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)
    origins: dict[str, _Origin] = field(default_factory=dict)
    pads: dict[_Origin, list[str]] = field(default_factory=dict)
    free: dict[_Origin, list[str]] = field(default_factory=dict)  # those of them that nobody has taken yet
    marks: int = 0

    def __post_init__(self) -> None:
        self.larger = larger_ones(self.branches)
        self.origins = {branch.name: self._origin(branch) for branch in self.branches}
        for branch in self.branches:
            self._lay_pads(_Origin(branch.name))
            self._lay_pads(_Origin(branch.name, is_unmarked=True))
        first = _Origin(None)
        self._lay_pads(first)
        if len(self.pads[first]) > 1:
            self._chain(f"[{FIRST_VIDEO}]", [], self.pads[first])
        else:
            self.free[first] = [f"[{FIRST_VIDEO}]"]

    def add(self, branch: Branch) -> None:
        taken = self.free[self.origins[branch.name]].pop()
        filters = list(scaled_down(branch) if branch.name in self.larger else branch.filters)
        if branch.watermark is not None:
            taken, filters = self._overlay(branch, branch.watermark, taken, filters)
        own = [] if branch.output.copies_video else [f"[b{self._number(branch.name)}]"]
        self._chain(taken, filters, [*own, *self.pads[_Origin(branch.name)]])
        if own:
            self.outputs[branch.name] = self._finish(branch, own[0])

    def _origin(self, branch: Branch) -> _Origin:
        larger = self.larger.get(branch.name)
        if larger is None:
            return _Origin(branch.source)
        return _Origin(larger.name, is_unmarked=larger.watermark is not None)

    def _lay_pads(self, origin: _Origin) -> None:
        number = "s" if origin.name is None else self._number(origin.name)
        letter = "u" if origin.is_unmarked else "b"
        followers = list(self.origins.values()).count(origin)
        self.pads[origin] = [f"[{letter}{number}_{index}]" for index in range(followers)]
        self.free[origin] = list(self.pads[origin])

    def _number(self, name: str) -> int:
        """The branch's place, for pads: its own name could hold any character."""
        return [branch.name for branch in self.branches].index(name)

    def _chain(self, taken: str, filters: Sequence[str], pads: Sequence[str]) -> None:
        split = [f"split={len(pads)}"] if len(pads) > 1 else []
        self.chains.append(taken + (",".join([*filters, *split]) or "null") + "".join(pads))

    def _overlay(
        self, branch: Branch, mark: Watermark, taken: str, filters: list[str]
    ) -> tuple[str, list[str]]:
        """Chains for both pictures, and how to go on from where they lie over each other."""
        natural = self.mark_sizes[self.marks]
        self.marks += 1
        size = scaled_size(natural, branch.frames.size, mark)
        pad = f"[mark{self.marks}]"
        self.chains.append(f"[{self.marks}:v:0]" + ",".join(mark_filters(mark, size)) + pad)
        smaller = self.pads[_Origin(branch.name, is_unmarked=True)]
        if filters or smaller:
            under = f"[under{self.marks}]"
            self._chain(taken, filters, [under, *smaller])
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
