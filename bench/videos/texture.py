"""Pictures with detail of all sizes, made by ffmpeg."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bench.videos.ffmpeg import run_ffmpeg


@dataclass(frozen=True, kw_only=True)
class Texture:
    """A picture whose coarse detail is stronger than the fine, as in nature.

    size: width and height. coarsest, finest: pixels of a spot. look: filters that come last.
    """

    name: str
    size: tuple[int, int]
    seed: int
    coarsest: int = 256
    finest: int = 1
    look: str

    def draw(self, folder: Path) -> Path:
        """The picture as a file in the folder."""
        width, height = self.size
        target = folder / f"{self.name}.png"
        inputs, chains = list[str](), list[str]()
        for number, spot in enumerate(self._spots()):
            small = f"{max(width // spot, 4)}x{max(height // spot, 4)}"
            noise = f"noise=alls=100:all_seed={self.seed + number}"
            inputs += ["-f", "lavfi", "-i", f"color=gray:s={small}:r=1:d=1,format=yuv444p,{noise}"]
            chains.append(f"[{number}]scale={width}:{height}:flags=bicubic[layer{number}]")
        sum_ = "layer0"
        for number in range(1, len(chains)):
            chains.append(f"[{sum_}][layer{number}]blend=all_mode=average[sum{number}]")
            sum_ = f"sum{number}"
        graph = ";".join([*chains, f"[{sum_}]{self.look}[picture]"])
        run_ffmpeg(*inputs, "-filter_complex", graph, "-map", "[picture]", "-frames:v", "1", str(target))
        return target

    def _spots(self) -> list[int]:
        """Sizes of spots, the finest first."""
        return [self.finest * 2**power for power in range(20) if self.finest * 2**power <= self.coarsest]
