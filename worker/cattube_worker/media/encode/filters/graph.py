"""The filter graph of branches: each frame is decoded once and goes wherever it is needed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cattube_worker.media.encode.filters.branches import Branch
from cattube_worker.media.encode.filters.shared_scaling import larger_branches, scaled_down
from cattube_worker.media.encode.filters.watermark import (
    Watermark,
    mark_filters,
    overlay_filter,
    scaled_size,
    upper_left,
)
from cattube_worker.media.encode.source import FIRST_STREAMS, Source
from cattube_worker.media.geometry import Size
from cattube_worker.media.stills.moments import choose_frames


@dataclass(frozen=True)
class Graph:
    """Filter graph of the branches of one process.

    text: for -filter_complex, empty where no frame is needed. pads: per branch, the pad its file is made
    from; none for those that copy the file's own video.
    """

    text: str
    pads: Mapping[str, str]


def watermarks_of(branches: Sequence[Branch]) -> list[Watermark]:
    """The watermarks in the order in which their images are inputs, after the video itself."""
    return [branch.watermark for branch in branches if branch.watermark is not None]


def filter_graph(
    branches: Sequence[Branch],
    *,
    source: Source = FIRST_STREAMS,
    mark_sizes: Sequence[Size] = (),
    start_seconds: float = 0,
) -> Graph:
    """The graph of `branches`, each of which comes after the one it takes its frames from.

    mark_sizes: the natural sizes of `watermarks_of(branches)`. start_seconds: where the frames begin.
    """
    sources = {branch.source for branch in branches}
    with_frames = [branch for branch in branches if not branch.output.copies_video or branch.name in sources]
    builder = _GraphBuilder(with_frames, source, mark_sizes, start_seconds)
    for branch in with_frames:
        builder.add(branch)
    if builder.chains and source.is_turned:
        # Of what a graph of one input makes, ffmpeg 5.1 says that it is to be turned as the input is.
        builder.chains.insert(0, f"[0:{source.video}]nullsink")
    return Graph(";".join(builder.chains), builder.outputs)


@dataclass(frozen=True)
class _Origin:
    """The frames that a branch is made from: a file's, or a branch's before or after its watermark."""

    name: str | None
    is_unmarked: bool = False


@dataclass
class _GraphBuilder:
    branches: Sequence[Branch]
    source: Source
    mark_sizes: Sequence[Size]
    start_seconds: float
    chains: list[str] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)
    origins: dict[str, _Origin] = field(default_factory=dict)
    pads: dict[_Origin, list[str]] = field(default_factory=dict)
    free: dict[_Origin, list[str]] = field(default_factory=dict)  # pads that no branch has taken yet
    marks: int = 0

    def __post_init__(self) -> None:
        self.larger = larger_branches(self.branches)
        self.origins = {branch.name: self._origin(branch) for branch in self.branches}
        for branch in self.branches:
            self._lay_pads(_Origin(branch.name))
            self._lay_pads(_Origin(branch.name, is_unmarked=True))
        first = _Origin(None)
        self._lay_pads(first)
        video = f"[0:{self.source.video}]"
        if len(self.pads[first]) > 1:
            self._chain(video, self.source.video_filters, self.pads[first])
        else:
            self.free[first] = [video + "".join(f"{text}," for text in self.source.video_filters)]

    def add(self, branch: Branch) -> None:
        source = self.free[self.origins[branch.name]].pop()
        filters = list(scaled_down(branch) if branch.name in self.larger else branch.filters)
        if branch.watermark is not None:
            source, filters = self._overlay(branch, branch.watermark, source, filters)
        output_pads = [] if branch.output.copies_video else [f"[b{self._number(branch.name)}]"]
        self._chain(source, filters, [*output_pads, *self.pads[_Origin(branch.name)]])
        if output_pads:
            self.outputs[branch.name] = self._finish(branch, output_pads[0])

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
        """The branch's number in names of pads: its own name could hold any character."""
        return [branch.name for branch in self.branches].index(name)

    def _chain(self, source: str, filters: Sequence[str], pads: Sequence[str]) -> None:
        split = [f"split={len(pads)}"] if len(pads) > 1 else []
        self.chains.append(source + (",".join([*filters, *split]) or "null") + "".join(pads))

    def _overlay(
        self, branch: Branch, mark: Watermark, source: str, filters: list[str]
    ) -> tuple[str, list[str]]:
        """Chains for the video and the mark, and pads and filters to go on with where they meet."""
        natural = self.mark_sizes[self.marks]
        self.marks += 1
        size = scaled_size(natural, branch.frames.size, mark)
        pad = f"[mark{self.marks}]"
        self.chains.append(
            f"[{self.marks}:v:0]" + ",".join(mark_filters(mark, size, branch.frames.colors)) + pad
        )
        smaller = self.pads[_Origin(branch.name, is_unmarked=True)]
        if filters or smaller:
            under = f"[under{self.marks}]"
            self._chain(source, filters, [under, *smaller])
            source = under
        return source + pad, [overlay_filter(mark, upper_left(size, branch.frames.size, mark))]

    def _finish(self, branch: Branch, pad: str) -> str:
        filters = (*self._choice(branch), *branch.output.filters)
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
