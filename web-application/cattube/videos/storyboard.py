"""Storyboard of a video: one picture with many small ones, which the player shows while a viewer seeks."""

from typing import TypedDict

from cattube.videos.models import Asset, Video

# A picture does not tell its columns and rows, so all storyboards have the same.
COLUMNS, ROWS = 10, 10


class Storyboard(TypedDict):
    """Tiles in reading order, sizes in pixels. Each shows the next `seconds_per_tile` of the video."""

    url: str
    columns: int
    rows: int
    tile_width: int
    tile_height: int
    seconds_per_tile: float


def storyboard_of(video: Video) -> Storyboard | None:
    """Storyboard for the player; None when there is none, or its size or the video's length is unknown."""
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
    """WebVTT with one cue for each tile, as other players read it. Pure."""
    return "\n".join(["WEBVTT\n", *(_cue(board, place) for place in range(board["columns"] * board["rows"]))])


def _cue(board: Storyboard, place: int) -> str:
    row, column = divmod(place, board["columns"])
    width, height = board["tile_width"], board["tile_height"]
    first, last = (_clock(number * board["seconds_per_tile"]) for number in (place, place + 1))
    # A cue without a length is void. It happens when a tile stands for less than a millisecond.
    cue = f"{first} --> {last}\n{board['url']}#xywh={column * width},{row * height},{width},{height}\n"
    return cue if first != last else ""


def _clock(seconds: float) -> str:
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    minutes, second = divmod(whole, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02}.{milliseconds:03}"
