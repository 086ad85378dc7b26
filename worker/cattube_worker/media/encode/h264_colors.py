"""Colours as the header of a stream of H.264 states them. Pure.

Source: ITU-T H.273, "Coding-independent code points", as far as streams that are copied have them.
"""

from __future__ import annotations

from cattube_worker.media.color_tags import ColorTags

_PRIMARIES_CODES = {"bt709": 1, "bt470m": 4, "bt470bg": 5, "smpte170m": 6, "smpte240m": 7, "smpte432": 12}
_TRANSFER_CODES = {
    "bt709": 1, "bt470m": 4, "bt470bg": 5, "smpte170m": 6, "smpte240m": 7, "linear": 8, "iec61966-2-4": 11,
    "bt1361e": 12, "iec61966-2-1": 13, "bt2020-10": 14, "bt2020-12": 15,
}  # fmt: skip
_MATRIX_CODES = {"bt709": 1, "bt470bg": 5, "smpte170m": 6}


def h264_colors(tags: ColorTags) -> str:
    """Options of ffmpeg's filter for the header of H.264 that state these plain tags."""
    codes = {
        "colour_primaries": _PRIMARIES_CODES.get(tags.primaries, 1),
        "transfer_characteristics": _TRANSFER_CODES.get(tags.transfer, 1),
        "matrix_coefficients": _MATRIX_CODES.get(tags.matrix, 1),
        "video_full_range_flag": int(tags.range == "pc"),
    }
    return ":".join(f"{name}={code}" for name, code in codes.items())
