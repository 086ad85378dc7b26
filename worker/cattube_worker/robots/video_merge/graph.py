"""Images and videos brought together: the graphs that do it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from cattube_worker.media.encode.output import Output
from cattube_worker.media.geometry import ResizeStrategy, Size

_FRAMES_PER_SECOND = 25


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
            "format=yuv420p",
            "loop=loop=-1:size=1:start=0",
            f"setpts=N/{_FRAMES_PER_SECOND}/TB",
            f"fps={_FRAMES_PER_SECOND}",
            f"trim=duration={seconds:.3f}",
            "setpts=PTS-STARTPTS",
        )
        chains.append(f"[{index}:v:0]" + ",".join(still) + f"[v{index}]")
    pads = "".join(f"[v{index}]" for index in range(len(sizes)))
    joined = f"{pads}concat=n={len(sizes)}:v=1:a=0,{','.join(output.last_filters())}[picture]"
    return ";".join([*chains, joined])


def stack_graph(sizes: Sequence[Size], output: Output) -> str:
    """The graph from videos 0, 1, … to [picture], one above the other, all as wide as the first."""
    width = output.width or sizes[0].width
    chains = [
        f"[{index}:V:0]scale={width // 2 * 2}:-2,setsar=1,fps=30,format=yuv420p,setpts=PTS-STARTPTS[v{index}]"
        for index, _ in enumerate(sizes)
    ]
    pads = "".join(f"[v{index}]" for index in range(len(sizes)))
    filters = ",".join(output.last_filters())
    return ";".join([*chains, f"{pads}vstack=inputs={len(sizes)},{filters}[picture]"])


def hold_graph(size: Size, output: Output, *, held_seconds: float, strategy: ResizeStrategy) -> str:
    """The graph from video 0 to [picture]; its last frame stays for so long."""
    filters = [*output.sized(size, strategy=strategy).filters]
    if held_seconds > 0:
        filters.append(f"tpad=stop_mode=clone:stop_duration={held_seconds:.3f}")
    return "[0:V:0]" + ",".join((*filters, *output.last_filters())) + "[picture]"
