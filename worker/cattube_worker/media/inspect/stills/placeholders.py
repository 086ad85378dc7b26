"""Placeholders of a picture, shown while it loads: BlurHash, ThumbHash, dominant colours. Pure.

Sources: github.com/woltapp/blurhash, "Algorithm"; evanw.github.io/thumbhash.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass

from cattube_worker.media.geometry import Size

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"
_ACROSS, _DOWN = 4, 3

Color = tuple[float, float, float]


@dataclass(frozen=True)
class Pixels:
    """Pixels of a small picture, row by row: red, green, blue and opacity, each from 0 to 255."""

    size: Size
    rgba: bytes

    def colors(self) -> list[tuple[int, int, int, int]]:
        """Colours and opacity of each pixel, in order."""
        return list(zip(self.rgba[::4], self.rgba[1::4], self.rgba[2::4], self.rgba[3::4], strict=True))


def blurhash(pixels: Pixels) -> str:
    """BlurHash, of four waves across and three down; opacity does not count."""
    light = [(_linear(red), _linear(green), _linear(blue)) for red, green, blue, _ in pixels.colors()]
    waves = [_wave(light, pixels.size, i, j) for j in range(_DOWN) for i in range(_ACROSS)]
    average, others = waves[0], waves[1:]
    strongest = max(abs(part) for wave in others for part in wave)
    step = max(0, min(82, math.floor(strongest * 166 - 0.5)))
    most = (step + 1) / 166
    text = _base83(_ACROSS - 1 + (_DOWN - 1) * 9, 1) + _base83(step, 1)
    red, green, blue = (_srgb(part) for part in average)
    text += _base83((red << 16) + (green << 8) + blue, 4)
    return text + "".join(_base83(_packed(wave, most), 2) for wave in others)


def thumbhash(pixels: Pixels) -> str:
    """ThumbHash, in base64; of at most 100 pixels a side."""
    width, height = pixels.size.width, pixels.size.height
    channels = _channels(pixels.colors())
    is_clear, is_wide = min(channels.opacity) < 1, width > height
    waves = 5 if is_clear else 7
    across = max(1, _round(waves * width / max(width, height)))
    down = max(1, _round(waves * height / max(width, height)))
    light = _channel(channels.light, pixels.size, max(3, across), max(3, down))
    warm, green = (
        _channel(values, pixels.size, 3, 3) for values in (channels.yellow_blue, channels.red_green)
    )
    head = _round(63 * light.mean) | _round(31.5 + 31.5 * warm.mean) << 6
    head |= _round(31.5 + 31.5 * green.mean) << 12 | _round(31 * light.scale) << 18 | is_clear << 23
    shape = (down if is_wide else across) | _round(63 * warm.scale) << 3
    shape |= _round(63 * green.scale) << 9 | is_wide << 15
    packed = bytearray(head.to_bytes(3, "little") + shape.to_bytes(2, "little"))
    parts = [*light.parts, *warm.parts, *green.parts]
    if is_clear:
        opacity = _channel(channels.opacity, pixels.size, 5, 5)
        packed.append(_round(15 * opacity.mean) | _round(15 * opacity.scale) << 4)
        parts += opacity.parts
    nibbles = [_round(15 * part) for part in parts] + [0] * (len(parts) % 2)
    packed += bytes(low | high << 4 for low, high in zip(nibbles[::2], nibbles[1::2], strict=True))
    return base64.b64encode(packed).decode()


def dominant_colors(pixels: Pixels, *, most: int = 5) -> list[str]:
    """Most frequent colours as "#rrggbb", the first before the others; transparent pixels do not count."""
    bins: dict[tuple[int, int, int], list[tuple[int, int, int]]] = {}
    for red, green, blue, opacity in pixels.colors():
        if opacity >= 128:
            bins.setdefault((red >> 5, green >> 5, blue >> 5), []).append((red, green, blue))
    largest = sorted(bins.values(), key=len, reverse=True)[:most]
    return [
        "#" + "".join(f"{sum(part) // len(part):02x}" for part in zip(*colors, strict=True))
        for colors in largest
    ]


def _wave(light: Sequence[Color], size: Size, i: int, j: int) -> Color:
    red = green = blue = 0.0
    for at, color in enumerate(light):
        y, x = divmod(at, size.width)
        share = math.cos(math.pi * i * x / size.width) * math.cos(math.pi * j * y / size.height)
        red, green, blue = red + share * color[0], green + share * color[1], blue + share * color[2]
    scale = (1 if i == j == 0 else 2) / len(light)
    return red * scale, green * scale, blue * scale


def _packed(wave: Color, most: float) -> int:
    digits = [
        max(0, min(18, math.floor(math.copysign(math.sqrt(abs(part / most)), part) * 9 + 9.5)))
        for part in wave
    ]
    return (digits[0] * 19 + digits[1]) * 19 + digits[2]


def _base83(value: int, length: int) -> str:
    return "".join(_DIGITS[value // 83 ** (length - place - 1) % 83] for place in range(length))


def _linear(part: int) -> float:
    share = part / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def _srgb(part: float) -> int:
    share = max(0.0, min(1.0, part))
    curved = share * 12.92 if share <= 0.0031308 else 1.055 * share ** (1 / 2.4) - 0.055
    return int(curved * 255 + 0.5)


@dataclass(frozen=True)
class _Channels:
    light: list[float]
    yellow_blue: list[float]
    red_green: list[float]
    opacity: list[float]


def _channels(colors: Sequence[tuple[int, int, int, int]]) -> _Channels:
    """Lightness and two differences of colours, over the average colour where the picture is transparent."""
    weight = sum(color[3] for color in colors) or 1
    mean = [sum(color[part] * color[3] for color in colors) / weight / 255 for part in range(3)]
    light, yellow_blue, red_green, opacity = [], [], [], []
    for color in colors:
        share = color[3] / 255
        red, green, blue = (mean[part] * (1 - share) + share * color[part] / 255 for part in range(3))
        light.append((red + green + blue) / 3)
        yellow_blue.append((red + green) / 2 - blue)
        red_green.append(red - green)
        opacity.append(share)
    return _Channels(light, yellow_blue, red_green, opacity)


@dataclass(frozen=True)
class _Channel:
    mean: float
    parts: list[float]
    scale: float


def _channel(values: Sequence[float], size: Size, across: int, down: int) -> _Channel:
    waves = [
        _cosine(values, size, x, y)
        for y in range(down)
        for x in range(across)
        if x * down < across * (down - y)
    ]
    mean, parts = waves[0], waves[1:]
    scale = max((abs(part) for part in parts), default=0.0)
    return _Channel(mean, [0.5 + 0.5 * part / scale for part in parts] if scale else parts, scale)


def _cosine(values: Sequence[float], size: Size, x: int, y: int) -> float:
    across, down = _cosines(size.width, x), _cosines(size.height, y)
    total = sum(value * across[at % size.width] * down[at // size.width] for at, value in enumerate(values))
    return total / len(values)


def _cosines(length: int, wave: int) -> list[float]:
    return [math.cos(math.pi / length * wave * (at + 0.5)) for at in range(length)]


def _round(value: float) -> int:
    """Halves go up, as in the sources and not as in Python."""
    return math.floor(value + 0.5)
