"""A video that can be watched while it is made: its encoder also feeds an HLS EVENT playlist. Pure."""

from __future__ import annotations

from pathlib import Path

from cattube_worker.media.encode.presets import MP4
from cattube_worker.media.encode.recipe import Output

# The names in the folder of such a stream; its segments are "0.m4s" and so on.
PLAYLIST, INIT = "live.m3u8", "init.mp4"
_SEGMENTS = "%d.m4s"
_SEGMENT_SECONDS = 2
# All that ffmpeg splits these words at. To hide a character that needs it not is no harm.
_SPLITS = frozenset("\\'|:[] \t\n")


def can_preview(output: Output) -> bool:
    """Whether players can follow the output: all of a file, encoded to H.264 and AAC, in a plain MP4."""
    is_cut = output.starts_at_seconds > 0 or output.lasts_seconds is not None or output.is_in_pieces
    plays = _codec("-c:v", output.video) == "libx264"
    sounds = output.audio is None or _codec("-c:a", output.audio) in {"aac", "copy"}
    return output.container == MP4 and plays and sounds and not is_cut


def live_preview_arguments(path: Path, folder: Path, *, has_audio: bool) -> list[str]:
    """The end of an output that is written to `path` as an MP4 and, as far as it is made, into `folder`.

    What goes wrong with the stream does not touch the file, which is the same as without. "-fs" has no effect
    here: the system's limit on files bounds both.
    """
    codecs = ["-flags:v", "+global_header", *(["-flags:a", "+global_header"] if has_audio else [])]
    movie = _target(f"file:{path}", {"f": "mp4", "movflags": "+faststart"})
    stream = _target(
        str(folder / PLAYLIST),
        {
            "f": "hls",
            "hls_time": str(_SEGMENT_SECONDS),
            "hls_playlist_type": "event",
            "hls_segment_type": "fmp4",
            # Nobody is to read what is only half written.
            "hls_flags": "temp_file+independent_segments",
            "hls_fmp4_init_filename": INIT,
            "hls_segment_filename": str(folder / _SEGMENTS),
            "onfail": "ignore",
        },
    )
    return [*codecs, "-f", "tee", f"{movie}|{stream}"]


def quoted(text: str) -> str:
    """`text` as ffmpeg's tee reads it back from among its targets."""
    return "".join(f"\\{each}" if each in _SPLITS else each for each in text)


def _target(name: str, options: dict[str, str]) -> str:
    # The list of targets is read first, and then the options of each.
    pairs = ":".join(f"{key}={quoted(quoted(value))}" for key, value in options.items())
    return f"[{pairs}]{quoted(name)}"


def _codec(option: str, words: tuple[str, ...]) -> str | None:
    return words[words.index(option) + 1] if option in words else None
