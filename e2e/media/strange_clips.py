"""Clips whose colours and lengths trouble players, each of a few seconds and made when asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from e2e.media.clips import run_ffmpeg

Rgb = tuple[int, int, int]
# Chromium bounds a factor of HD's matrix, which shifts the blue of strong colours; these are all but right.
FIELDS = ((180, 60, 60), (60, 150, 60), (60, 60, 140), (128, 128, 128))
PURE_FIELDS = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (128, 128, 128))
SD, HD = "320x180", "1280x720"

X264 = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "8", "-g", "5"]
AAC = ["-c:a", "aac"]


@dataclass(frozen=True, kw_only=True)
class StrangeClip:
    """What a clip is, and what is to be seen of it.

    seconds: how long it plays. fields: the colours of its quarters, in reading order. picture, sound: seconds
    of each; a sound of 0 is none. filters: from RGB frames to those that are encoded. options: of encoders.
    """

    name: str
    size: str = SD
    picture: float = 2
    sound: float = 2
    channels: int = 1
    filters: str
    options: Sequence[str] = (*X264, *AAC)
    fields: tuple[Rgb, ...] = FIELDS

    @property
    def seconds(self) -> float:
        return max(self.picture, self.sound)

    def make(self, folder: Path) -> Path:
        path = folder / self.name
        run_ffmpeg(*self.inputs(self.size, self.picture), ["-vf", self.filters], [*self.options, str(path)])
        return path

    def inputs(self, size: str, seconds: float) -> list[list[str]]:
        places = zip(self.fields, ("0:0", "iw/2:0", "0:ih/2", "iw/2:ih/2"), strict=True)
        boxes = ",".join(f"drawbox={at}:iw/2:ih/2:0x{bytes(color).hex()}:fill" for color, at in places)
        picture = ["-f", "lavfi", "-i", f"color=black:s={size}:r=10:d={seconds},format=gbrp,{boxes}"]
        waves = "|".join(["0.1*sin(880*PI*t)"] * self.channels)
        sound = ["-f", "lavfi", "-i", f"aevalsrc={waves}:s=48000:d={self.sound}"]
        return [picture, sound] if self.sound else [picture]


def matrix(name: str, *, color_range: str = "tv", pixel_format: str = "yuv420p") -> str:
    """Filters from RGB by that matrix; the frames state nothing of it."""
    scaling = f"scale=out_color_matrix={name}:out_range={color_range},format={pixel_format}"
    return f"{scaling},setparams=range=unknown:color_primaries=unknown:color_trc=unknown:colorspace=unknown"


def stated(name: str, color_range: str = "tv") -> str:
    """Filter that states all of it."""
    return f",setparams=range={color_range}:color_primaries={name}:color_trc={name}:colorspace={name}"


CLIPS = (
    StrangeClip(name="untagged-sd-with-long-sound.mp4", picture=1, sound=3, filters=matrix("bt601")),
    StrangeClip(
        name="untagged-hd-with-short-sound.mp4", size=HD, picture=3, sound=1, filters=matrix("bt709")
    ),
    StrangeClip(
        name="sd-matrix-in-hd-without-sound.mp4",
        size=HD,
        sound=0,
        filters=matrix("bt601")
        + ",setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=smpte170m",
        options=X264,
    ),
    StrangeClip(
        name="hd-matrix-in-sd-with-quad-sound.mov",
        channels=4,
        filters=matrix("bt709") + stated("bt709"),
        options=[*X264, "-c:a", "pcm_s16le"],
    ),
    StrangeClip(
        name="full-range-that-starts-at-an-hour.ts",
        filters=matrix("bt709", color_range="pc") + stated("bt709", "pc"),
        options=[*X264, *AAC, "-output_ts_offset", "3600"],
    ),
    StrangeClip(
        name="screen.mkv",
        size=HD,
        filters="format=rgb24",
        options=["-c:v", "libx264rgb", "-preset", "ultrafast", "-crf", "5", *AAC],
        fields=PURE_FIELDS,
    ),
    StrangeClip(
        name="wide-colours.mkv",
        filters="zscale=min=gbr:pin=bt709:tin=bt709:rin=pc:m=bt2020nc:p=bt2020:t=bt2020-10:r=tv,"
        "format=yuv420p10le",
        options=[*X264, *AAC],
    ),
)


def make_turning_clip(folder: Path) -> Path:
    """Two seconds that lie and two that stand, in one stream."""
    clip = StrangeClip(name="turned-on-the-way.ts", filters=matrix("bt601"))
    parts = []
    for size, start in ((SD, 0), ("180x320", 2)):
        parts.append(folder / f"part-{start}.ts")
        options = ["-vf", clip.filters, *clip.options, "-output_ts_offset", str(start), str(parts[-1])]
        run_ffmpeg(*clip.inputs(size, 2), options)
    path = folder / clip.name
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return path
