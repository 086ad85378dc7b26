"""Colours of a video: what its numbers mean, stated by its file or known by one rule. Pure.

Source: ITU-T H.273, "Coding-independent code points"; the words are ffmpeg's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

# Browsers read a video that states nothing by its stored height: below as SD, from here on as HD. A video
# that is read otherwise here would change its colours where one file takes over from another.
HD_HEIGHT = 720
# Matrices that every player knows. Frames of any other, and of RGB, are brought to that of HD.
_SD_MATRICES = frozenset({"smpte170m", "bt470bg"})
_PLAIN_MATRICES = _SD_MATRICES | {"bt709"}
# Chromium reads the matrix of SD to the last bit; in that of HD it bounds a factor, and lime turns bluish
# by 11 of 255 (measured). RGB could go to either, and screens are full of such colours.
_PLAIN_FOR = {"gbr": "smpte170m"}
_PRIMARIES = frozenset(
    {"bt709", "bt470m", "bt470bg", "smpte170m", "smpte240m", "film", "bt2020", "smpte428", "smpte431",
     "smpte432", "jedec-p22", "ebu3213"}
)  # fmt: skip
_TRANSFERS = frozenset(
    {"bt709", "bt470m", "bt470bg", "smpte170m", "smpte240m", "linear", "log100", "log316", "iec61966-2-4",
     "bt1361e", "iec61966-2-1", "bt2020-10", "bt2020-12", "smpte2084", "smpte428", "arib-std-b67"}
)  # fmt: skip
_MATRICES = _PLAIN_MATRICES | {"fcc", "smpte240m", "ycgco", "bt2020nc", "bt2020c", "gbr", "ictcp"}
_RGB_FORMATS = (
    "rgb",
    "bgr",
    "gbr",
    "argb",
    "abgr",
    "0rgb",
    "0bgr",
    "pal8",
    "x2rgb",
    "x2bgr",
    "monob",
    "monow",
)


@dataclass(frozen=True, kw_only=True)
class ColorTags:
    """Meaning of the numbers of a frame. range: "tv" (limited) or "pc" (full)."""

    matrix: str = "bt709"
    primaries: str = "bt709"
    transfer: str = "bt709"
    range: str = "tv"

    @property
    def has_plain_matrix(self) -> bool:
        """True when every player knows the matrix."""
        return self.matrix in _PLAIN_MATRICES

    @property
    def is_plain(self) -> bool:
        """True when every player knows the matrix, and the range is that of video."""
        return self.has_plain_matrix and self.range == "tv"

    def nearest_plain(self) -> ColorTags:
        """Plain tags to which frames of these are brought."""
        matrix = self.matrix if self.has_plain_matrix else _PLAIN_FOR.get(self.matrix, "bt709")
        return replace(self, matrix=matrix, range="tv")

    @property
    def scale_matrix(self) -> str:
        """Plain matrix by the name that the filter "scale" knows it."""
        return "bt601" if self.matrix in _SD_MATRICES else self.matrix


HD = ColorTags()
SD = ColorTags(matrix="smpte170m", primaries="smpte170m", transfer="smpte170m")
WIDE = ColorTags(matrix="bt2020nc", primaries="bt2020")
_FAMILIES = {"gbr": HD, "bt709": HD, "smpte170m": SD, "bt470bg": SD, "bt2020nc": WIDE, "bt2020c": WIDE}
# The two ways to store high dynamic range: PQ and HLG.
HDR_TRANSFERS = frozenset({"smpte2084", "arib-std-b67"})


def color_tags(stream: Mapping[str, Any]) -> ColorTags:
    """Tags of a video stream in ffprobe's words; what it does not state is filled in by the rule."""
    pixel_format = str(stream.get("pix_fmt") or "")
    if is_rgb(pixel_format):
        usual, matrix, color_range = HD, "gbr", "pc"
    else:
        usual = _usual(stream)
        matrix = _known(stream.get("color_space"), _MATRICES - {"gbr"}) or usual.matrix
        stated_range = str(stream.get("color_range") or "")
        is_full = stated_range == "pc" or (stated_range != "tv" and pixel_format.startswith("yuvj"))
        color_range = "pc" if is_full else "tv"
    # A file that states one of them alone means the family that it comes from.
    family = _FAMILIES.get(matrix, usual)
    return ColorTags(
        matrix=matrix,
        primaries=_known(stream.get("color_primaries"), _PRIMARIES) or family.primaries,
        transfer=_known(stream.get("color_transfer"), _TRANSFERS) or family.transfer,
        range=color_range,
    )


def is_rgb(pixel_format: str) -> bool:
    """Tell if frames of that format hold red, green and blue, and no matrix was applied."""
    return pixel_format.startswith(_RGB_FORMATS)


def _usual(stream: Mapping[str, Any]) -> ColorTags:
    """Tags of a video that states none: of HDR by its transfer, others by their height."""
    if stream.get("color_transfer") in HDR_TRANSFERS:
        return WIDE
    return HD if int(stream.get("height") or 0) >= HD_HEIGHT else SD


def _known(value: object, names: frozenset[str]) -> str | None:
    text = str(value or "")
    return text if text in names else None
