"""The storyboard of a video: one picture with many small ones, shown while somebody looks for a place."""

from typing import TypedDict

from cattube.videos.models import Asset, Video

# The picture can't say how it is divided, so the house has one rule for all of them.
COLUMNS, ROWS = 10, 10


class Storyboard(TypedDict):
    """Tiles in pixels, in reading order, each the picture of the next `seconds_per_tile` of the video."""

    url: str
    columns: int
    rows: int
    tile_width: int
    tile_height: int
    seconds_per_tile: float


def storyboard_of(video: Video) -> Storyboard | None:
    """What the player's preview needs, or None when there is no storyboard or too little is known of it."""
    picture = video.asset(Asset.Role.STORYBOARD)
    if picture is None or not (picture.width and picture.height and video.duration_seconds):
        return None
    return Storyboard(
        url=picture.url,
        columns=COLUMNS,
        rows=ROWS,
        tile_width=picture.width // COLUMNS,
        tile_height=picture.height // ROWS,
        seconds_per_tile=video.duration_seconds / (COLUMNS * ROWS),
    )
