"""Types of what the bucket holds. Pure."""

from pathlib import PurePosixPath

PLAYLIST = "application/vnd.apple.mpegurl"
CUES = "text/vtt"
BYTES = "application/octet-stream"

# What a browser may show under our name. Anything else is only ever downloaded, as bytes.
SHOWN = {
    *("video/mp4", "video/webm", "video/mp2t", "video/iso.segment", "audio/mp4", "audio/aac", "audio/mpeg"),
    *("image/jpeg", "image/png", "image/webp", PLAYLIST, CUES),
}

# The pieces that playlists and cues name. They have no record of their own that would know their type.
PIECES = {
    ".m3u8": PLAYLIST,
    ".vtt": CUES,
    ".ts": "video/mp2t",
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
    ".aac": "audio/aac",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}


def ending_of(object_key: str) -> str:
    return PurePosixPath(object_key).suffix.lower()


def piece_type(object_key: str) -> str:
    """The type of a piece, told by its name."""
    return PIECES.get(ending_of(object_key), BYTES)


def is_document(object_key: str) -> bool:
    """Whether the object names others, so that it is no use without links to them."""
    return piece_type(object_key) in (PLAYLIST, CUES)


def shown_as(content_type: str) -> tuple[str, str]:
    """Content-Type and Content-Disposition under which an object may leave."""
    return (content_type, "inline") if content_type in SHOWN else (BYTES, "attachment")
