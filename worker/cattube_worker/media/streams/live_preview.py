"""Live preview of a video while it is encoded: its encoder also writes an HLS EVENT playlist. Pure."""

from __future__ import annotations

from pathlib import Path

from cattube_worker.media.encode.output import Output
from cattube_worker.media.encode.presets import MP4

# Names in the folder of a live preview; its pieces are "0.m4s" and so on. See live_playlist.py.
PLAYLIST, INIT = "live.m3u8", "init.mp4"
_PIECES = "%d.m4s"
# How long the first viewer waits; a piece need not begin with a key frame, so the file has no more of them.
_PIECE_SECONDS = 0.5
# All characters at which ffmpeg's tee muxer splits. To escape one that does not need it is no harm.
_SPECIAL = frozenset("\\'|:[] \t\n")


def can_preview(output: Output) -> bool:
    """Tell if players can follow the output: a whole file, encoded to H.264 and AAC, in a plain MP4."""
    is_part = output.starts_at_seconds > 0 or output.lasts_seconds is not None or output.is_shortest
    is_cut = is_part or output.is_segmented
    is_h264 = _codec("-c:v", output.video or ()) == "libx264"
    has_playable_audio = output.audio is None or _codec("-c:a", output.audio) in {"aac", "copy"}
    return output.container == MP4 and is_h264 and has_playable_audio and not is_cut


def live_preview_arguments(path: Path, folder: Path, *, has_audio: bool) -> list[str]:
    """Arguments for an output that is written to `path` as an MP4 and, while it is encoded, into `folder`.

    A failure of the stream does not touch the file, which is the same as without. "-fs" has no effect here:
    the system's limit on files bounds both.
    """
    codecs = ["-flags:v", "+global_header", *(["-flags:a", "+global_header"] if has_audio else [])]
    movie = _target(f"file:{path}", {"f": "mp4", "movflags": "+faststart"})
    stream = _target(
        str(folder / PLAYLIST),
        {
            "f": "hls",
            "hls_time": str(_PIECE_SECONDS),
            "hls_playlist_type": "event",
            "hls_segment_type": "fmp4",
            # No client is to read a file that is half written.
            "hls_flags": "temp_file+split_by_time",
            "hls_fmp4_init_filename": INIT,
            "hls_segment_filename": str(folder / _PIECES),
            "onfail": "ignore",
        },
    )
    return [*codecs, "-f", "tee", f"{movie}|{stream}"]


def escape_for_tee(text: str) -> str:
    """Text that ffmpeg's tee muxer reads back as `text` among its targets."""
    return "".join(f"\\{character}" if character in _SPECIAL else character for character in text)


def _target(name: str, options: dict[str, str]) -> str:
    # Read twice: the list of targets first, and then the options of each.
    pairs = ":".join(f"{key}={escape_for_tee(escape_for_tee(value))}" for key, value in options.items())
    return f"[{pairs}]{escape_for_tee(name)}"


def _codec(option: str, arguments: tuple[str, ...]) -> str | None:
    return arguments[arguments.index(option) + 1] if option in arguments else None
