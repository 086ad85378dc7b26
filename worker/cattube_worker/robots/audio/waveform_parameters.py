"""The parameters of /audio/waveform."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, model_validator

from cattube_worker.media.audio.waveform import WaveformStyle
from cattube_worker.media.colors import rgba
from cattube_worker.robots.shared.encode_parameters import FFmpeg
from cattube_worker.robots.shared.values import HexColor, Unsupported

MOST_PIXELS = 25_000_000
# Colours of the BBC's audiowaveform by these names: of the ground and of the wave.
_SCHEMES = {"audition": ("003f22", "86fcc7"), "audacity": ("d6d6d6", "3f4d9b")}

ColorMap = Literal[
    "viridis", "plasma", "magma", "cividis", "cool", "rainbow", "moreland", "nebulae", "fire", "fiery",
    "fruit", "green", "terrain", "gray",
]  # fmt: skip


def _by_its_name(style: Any) -> Any:
    """A style was a number once."""
    return f"v{style}" if str(style) in {"0", "1"} and not isinstance(style, bool) else style


def _from_zero(frequency: float) -> float:
    if frequency:
        raise ValueError("spectrograms begin at 0 here: leave it out")
    return frequency


class WaveformParameters(BaseModel):
    """Source: Transloadit's `robots/audio-waveform`."""

    format: Literal["image", "json"] = "image"
    style: Annotated[Literal["v0", "v1", "spectrogram"], BeforeValidator(_by_its_name)] = "v0"
    width: int = Field(256, ge=1, le=25_000)
    height: int = Field(64, ge=1, le=25_000)
    antialiasing: bool = False
    background_color: HexColor = "#00000000"
    center_color: HexColor = "000000ff"
    outer_color: HexColor = "000000ff"
    ffmpeg: FFmpeg = {}

    # Of "v1" alone.
    split_channels: bool = False
    zoom: int | None = Field(None, ge=1, le=100_000_000)
    pixels_per_second: float | None = Field(None, gt=0, le=100_000)
    bits: Literal[8, 16] = 16
    start: float = Field(0, ge=0, le=1_000_000)
    end: float = Field(0, ge=0, le=1_000_000)
    colors: Literal["audition", "audacity"] | None = None
    waveform_style: Literal["normal", "bars"] = "normal"
    bar_width: int = Field(8, ge=1, le=1000)
    bar_gap: int = Field(4, ge=0, le=1000)
    bar_style: Literal["square", "rounded"] = "square"
    amplitude_scale: float = Field(1, gt=0, le=1000)
    compression: int = Field(-1, ge=-1, le=9)

    # Of "spectrogram" alone.
    color_map: ColorMap = "viridis"
    frequency_scale: Literal["linear", "logarithmic"] = "logarithmic"
    frequency_min: Annotated[float, AfterValidator(_from_zero)] = 0
    frequency_max: float | None = Field(None, ge=1, le=1_000_000)
    legend: bool = False
    gain: float = Field(1, ge=0, le=128)
    orientation: Literal["vertical", "horizontal"] = "horizontal"

    # Not done here: it is refused, because a picture without them would not be the one asked for.
    with_axis_labels: Unsupported = False

    # Accepted, and without effect: there are no axes, and there is one ffmpeg here.
    no_axis_labels: bool = False
    axis_label_color: HexColor | None = None
    border_color: HexColor | None = None
    ffmpeg_stack: str | None = None

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if self.width * self.height > MOST_PIXELS:
            raise ValueError(
                f"{self.width} x {self.height} are more than the {MOST_PIXELS / 1e6:g} million pixels allowed"
            )
        if self.style == "spectrogram" and self.format == "json":
            raise ValueError("a spectrogram is a picture: its format can only be image")
        if self.zoom is not None and self.pixels_per_second is not None:
            raise ValueError("zoom and pixels_per_second say the same: leave one out")
        if self.end and self.end <= self.start:
            raise ValueError("end must come after start")
        return self

    @property
    def is_detailed(self) -> bool:
        """True when the parameters of "v1" count."""
        return self.style == "v1"

    @property
    def look(self) -> WaveformStyle:
        """The look of the picture; colours that the step names win over a scheme."""
        ground, wave = _SCHEMES.get(self.colors or "", ("", "")) if self.is_detailed else ("", "")
        has_bars = self.is_detailed and self.waveform_style == "bars"
        return WaveformStyle(
            background=rgba(self._own("background_color") or ground or self.background_color),
            center=rgba(self._own("center_color") or wave or self.center_color),
            outer=rgba(self._own("outer_color") or wave or self.outer_color),
            is_smooth=self.antialiasing,
            bar_width=self.bar_width if has_bars else 0,
            bar_gap=self.bar_gap if has_bars else 0,
            has_round_bars=self.bar_style == "rounded",
        )

    def _own(self, name: str) -> str | None:
        """The value that the step itself gives."""
        return getattr(self, name) if name in self.model_fields_set else None
