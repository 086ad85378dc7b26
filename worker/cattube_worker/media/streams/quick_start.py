"""Quick start of a live preview: its first seconds from a fast encoder, until the slow one is ahead. Pure.

The slow encoder makes the file. It looks ahead, and is hardly faster than a player where both share few
processors. What comes from the fast one is small, lies in the same folder, and is no part of any file.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cattube_worker.media.encode.output import Output, Words, option
from cattube_worker.media.geometry import Size, even

# Names in the folder of a live preview; its pieces are "q0.m4s" and so on.
QUICK_PLAYLIST, QUICK_INIT = "quick.m3u8", "quick.mp4"
# A file that is there once somebody watches.
WATCHED = "watched"
_PIECES = "q%d.m4s"
# It goes on until the slow encoder is ahead, and no farther than this.
MOST_SECONDS = 60
PIECE_SECONDS = 0.5
# Where the slow encoder has key frames: a player can go on from such a moment alone.
KEY_FRAME_SECONDS = 2
_KEY_FRAMES = f"expr:gte(t,n_forced*{KEY_FRAME_SECONDS})"
_LEAST_SECONDS = 4
_LONGEST_SIDE = 640
# Videos so small are encoded quickly anyway.
_SMALL_SIDE = 854
# No frame waits for another, neither in the encoder nor for the next key frame.
_VIDEO: Words = (
    *("-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-crf", "26"),
    *("-g", "60", "-threads:v", "1", "-force_key_frames", _KEY_FRAMES),
    # Sound begins up to 23 ms before the picture, and pieces with it: a frame must not be shorter.
    *("-fpsmax", "30"),
)


def quick_size(output: Output, size: Size, *, duration_seconds: float) -> Size | None:
    """Size of a quick start of a video; None where it is of no use, or the video cannot be joined to it.

    size: of the video's frames. duration_seconds: how long it lasts.
    """
    has_key_frames = option(output.video or (), "-force_key_frames") == _KEY_FRAMES
    longest = max(size.width, size.height)
    if not has_key_frames or longest <= _SMALL_SIDE or duration_seconds < _LEAST_SECONDS:
        return None
    share = _LONGEST_SIDE / longest
    return Size(even(size.width * share), even(size.height * share))


def quick_output(output: Output, folder: Path) -> Output:
    """The quick start of what `output` will be, in `folder`, with the same sound."""
    stream = {
        "-f": "hls",
        "-hls_time": str(PIECE_SECONDS),
        "-hls_playlist_type": "event",
        "-hls_segment_type": "fmp4",
        # No client is to read a file that is half written.
        "-hls_flags": "temp_file+split_by_time",
        "-hls_fmp4_init_filename": QUICK_INIT,
        "-hls_segment_filename": str(folder / _PIECES),
    }
    return replace(
        output,
        path=folder / QUICK_PLAYLIST,
        video=_VIDEO,
        container=tuple(word for pair in stream.items() for word in pair),
        lasts_seconds=MOST_SECONDS,
        live_preview=None,
        # The system limits the size of its files; "-fs" has no effect here.
        bounds=output.bounds - {"bytes", "frame_rate"},
    )
