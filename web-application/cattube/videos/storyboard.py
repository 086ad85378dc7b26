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
    tile_width, tile_height = picture.width // COLUMNS, picture.height // ROWS
    if not (tile_width and tile_height):
        return None
    return Storyboard(
        url=picture.url,
        columns=COLUMNS,
        rows=ROWS,
        tile_width=tile_width,
        tile_height=tile_height,
        seconds_per_tile=video.duration_seconds / (COLUMNS * ROWS),
    )


def cues_of(board: Storyboard) -> str:
    """The same facts as WebVTT, one cue for each tile, as other players read them. Pure."""
    return "\n".join(["WEBVTT\n", *(_cue(board, place) for place in range(board["columns"] * board["rows"]))])


def _cue(board: Storyboard, place: int) -> str:
    row, column = divmod(place, board["columns"])
    width, height = board["tile_width"], board["tile_height"]
    first, last = (_clock(number * board["seconds_per_tile"]) for number in (place, place + 1))
    # A cue without a length is void: of a video that has less than a millisecond for each tile.
    cue = f"{first} --> {last}\n{board['url']}#xywh={column * width},{row * height},{width},{height}\n"
    return cue if first != last else ""


def _clock(seconds: float) -> str:
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    minutes, second = divmod(whole, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02}.{milliseconds:03}"
