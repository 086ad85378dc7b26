"""Images and videos brought together: the graphs that do it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cattube_worker.media.color_tags import HD
from cattube_worker.media.encode.filters.color_filters import declare, in_matrix_of
from cattube_worker.media.encode.filters.normalization import Normalization
from cattube_worker.media.encode.output import Output
from cattube_worker.media.encode.source import Source
from cattube_worker.media.geometry import ResizeStrategy, Size, even, keep_shape, scale_to

_FRAMES_PER_SECOND = 25


@dataclass(frozen=True, kw_only=True)
class FrameSource:
    """One video. size: as shown. source: its streams; normalization: of its frames."""

    size: Size
    source: Source
    normalization: Normalization

    def plain(self, filters: tuple[str, ...]) -> tuple[str, ...]:
        """`filters`, which begin with a scaling, so that their frames have the colours of HD."""
        return (*self.normalization.around(keep_shape(filters, self.size)), in_matrix_of(HD))


def slideshow_graph(
    sizes: Sequence[Size],
    durations: Sequence[float],
    output: Output,
    *,
    strategy: ResizeStrategy = "pad",
    background: str = "black",
) -> str:
    """The graph from images 0, 1, … to [picture], each seen for its seconds."""
    chains = []
    for index, (size, seconds) in enumerate(zip(sizes, durations, strict=True)):
        sized = output.sized(size, strategy=strategy, background=background)
        still = (
            "format=rgba",
            *sized.filters,
            in_matrix_of(HD),
            "format=yuv420p",
            "loop=loop=-1:size=1:start=0",
            f"setpts=N/{_FRAMES_PER_SECOND}/TB",
            f"fps={_FRAMES_PER_SECOND}",
            f"trim=duration={seconds:.3f}",
            "setpts=PTS-STARTPTS",
        )
        chains.append(f"[{index}:v:0]" + ",".join(still) + f"[v{index}]")
    pads = "".join(f"[v{index}]" for index in range(len(sizes)))
    joined = f"{pads}concat=n={len(sizes)}:v=1:a=0,{','.join((*output.last_filters(), declare(HD)))}[picture]"
    return ";".join([*chains, joined])


def stack_graph(videos: Sequence[FrameSource], output: Output) -> str:
    """The graph from videos 0, 1, … to [picture], one above the other, all as wide as the first."""
    width = even(output.width or videos[0].size.width)
    chains = []
    for index, video in enumerate(videos):
        size = Size(width, even(video.size.height * width / video.size.width))
        filters = (*video.plain(scale_to(size)), "fps=30", "format=yuv420p", "setpts=PTS-STARTPTS")
        chains.append(video.source.video_chain(index, filters) + f"[v{index}]")
    pads = "".join(f"[v{index}]" for index in range(len(videos)))
    ends = ",".join((*output.last_filters(), declare(HD)))
    return ";".join([*chains, f"{pads}vstack=inputs={len(videos)},{ends}[picture]"])


def hold_graph(video: FrameSource, output: Output, *, held_seconds: float, strategy: ResizeStrategy) -> str:
    """The graph from video 0 to [picture]; its last frame stays for so long."""
    filters = [*video.plain(output.sized(video.size, strategy=strategy).filters)]
    if held_seconds > 0:
        filters.append(f"tpad=stop_mode=clone:stop_duration={held_seconds:.3f}")
    return video.source.video_chain(0, (*filters, *output.last_filters(), declare(HD))) + "[picture]"
