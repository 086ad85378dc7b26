"""Names of qualities, as every player has them: 1280x720 is 720p, and so is 1280x540. Pure.

The player names the levels of a stream by the same rule, in `player/source/quality-class.ts`. Both
are held to `contract/qualities.json`.
"""

CLASSES = (144, 240, 360, 480, 720, 1080, 1440, 2160, 4320)
# A size so near to a class has its name: 1366x768 is sold as 720p.
TOLERANCE = 0.1


def quality_class(width: int, height: int) -> int:
    """Height in pixels of the 16:9 picture that this one fills in one direction, rounded to a usual one."""
    filled = max(min(width, height), max(width, height) * 9 / 16)
    near = [usual for usual in CLASSES if abs(filled - usual) <= TOLERANCE * usual]
    return near[0] if near else int(filled + 0.5)


def quality_label(width: int | None, height: int | None) -> str:
    """`720p`; `Video` when the size is not known."""
    return f"{quality_class(width, height)}p" if width and height else "Video"
