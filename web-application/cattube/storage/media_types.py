"""Media types of stored objects. Pure."""

from pathlib import PurePosixPath

PLAYLIST = "application/vnd.apple.mpegurl"
CUES = "text/vtt"
BYTES = "application/octet-stream"

# Types that a browser may show under our name. Others are downloaded, as bytes.
SHOWN = {
    *("video/mp4", "video/webm", "video/mp2t", "video/iso.segment", "audio/mp4", "audio/aac", "audio/mpeg"),
    *("image/jpeg", "image/png", "image/webp", PLAYLIST, CUES),
}

# Pieces that playlists and cues name. No record of their own knows their type.
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
    """Ending of the object's name, in small letters: `.mp4`."""
    return PurePosixPath(object_key).suffix.lower()


def piece_type(object_key: str) -> str:
    """Type of a piece, by its name."""
    return PIECES.get(ending_of(object_key), BYTES)


def is_document(object_key: str) -> bool:
    """True when the object names others, so that a client needs links to them."""
    return piece_type(object_key) in (PLAYLIST, CUES)


def shown_as(content_type: str) -> tuple[str, str]:
    """Content-Type and Content-Disposition that an object is answered with."""
    return (content_type, "inline") if content_type in SHOWN else (BYTES, "attachment")
