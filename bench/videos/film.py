"""Films of pictures that move, made by ffmpeg."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bench.videos.ffmpeg import run_ffmpeg

SECONDS = 8


class Picture(Protocol):
    """Something that is drawn once and shown all the time."""

    def draw(self, folder: Path) -> Path:
        """The picture as a file in the folder."""
        ...


@dataclass(frozen=True, kw_only=True)
class Film:
    """A video with a murmur, encoded as a camera does it: fast, at a high rate.

    rate: frames a second of the pictures, the first inputs of the graph. color: of the input after them, as
    ffmpeg's source of that name takes it; "" for no such input. encoding: options of the file.
    """

    name: str
    pictures: tuple[Picture, ...]
    rate: int
    color: str = ""
    graph: str
    encoding: tuple[str, ...]

    def make(self, folder: Path) -> Path:
        """The video as a file in the folder."""
        target = folder / f"{self.name}.mp4"
        inputs = [word for picture in self.pictures for word in self._shown(picture.draw(folder))]
        if self.color:
            inputs += _lavfi(f"color={self.color}")
        sound = inputs.count("-i")
        inputs += _lavfi("anoisesrc=r=48000:a=0.05:c=pink:seed=2")
        run_ffmpeg(
            *(*inputs, "-filter_complex", f"{self.graph},setsar=1,format=yuv420p[frames]"),
            *("-map", "[frames]", "-map", f"{sound}:a", "-t", str(SECONDS)),
            *("-c:v", "libx264", "-preset", "ultrafast", *self.encoding, "-g", "60", "-c:a", "aac"),
            str(target),
        )
        return target

    def _shown(self, picture: Path) -> list[str]:
        """Arguments for a picture that is shown all the time."""
        return ["-loop", "1", "-framerate", str(self.rate), "-t", str(SECONDS), "-i", str(picture)]


def _lavfi(source: str) -> list[str]:
    """Arguments for an input that ffmpeg makes itself."""
    return ["-f", "lavfi", "-t", str(SECONDS), "-i", source]
