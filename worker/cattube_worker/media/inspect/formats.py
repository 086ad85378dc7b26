"""Formats that the engine reads, and the kinds of files as the status document calls them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cattube_worker.media.inspect.text_formats import text_format

# Only formats that hold their own bytes. Playlists and scripts (hls, dash, concat, ffmetadata, sdp) name
# other files, and text formats (tty, xbin, subtitles) turn any text into "video".
AUDIO_VIDEO_DEMUXERS = (
    "mov", "matroska", "avi", "mpegts", "mpeg", "mpegvideo", "flv", "ogg", "asf", "mxf", "dv", "gxf",
    "ivf", "nut", "rm", "h264", "hevc", "m4v", "wtv", "obu", "mp3", "aac", "flac", "wav", "w64", "aiff",
    "caf", "ac3", "eac3", "amr", "ape", "wv", "au", "tta", "dts", "truehd",
)  # fmt: skip
IMAGE_DEMUXERS = ("gif", "png_pipe", "jpeg_pipe", "webp_pipe", "bmp_pipe", "tiff_pipe", "apng")

# ffmpeg's name of the container (its first word): MIME type with video in it, with sound alone, endings.
_CONTAINERS = {
    "mov": ("video/mp4", "audio/mp4", "mp4", "m4a"),
    "matroska": ("video/x-matroska", "audio/x-matroska", "mkv", "mka"),
    "webm": ("video/webm", "audio/webm", "webm", "webm"),
    "avi": ("video/x-msvideo", "video/x-msvideo", "avi", "avi"),
    "mpegts": ("video/mp2t", "video/mp2t", "ts", "ts"),
    "mpeg": ("video/mpeg", "video/mpeg", "mpg", "mpg"),
    "flv": ("video/x-flv", "video/x-flv", "flv", "flv"),
    "ogg": ("video/ogg", "audio/ogg", "ogv", "ogg"),
    "asf": ("video/x-ms-wmv", "audio/x-ms-wma", "wmv", "wma"),
    "mxf": ("application/mxf", "application/mxf", "mxf", "mxf"),
    "quicktime": ("video/quicktime", "audio/mp4", "mov", "m4a"),
    "mp3": ("audio/mpeg", "audio/mpeg", "mp3", "mp3"),
    "aac": ("audio/aac", "audio/aac", "aac", "aac"),
    "flac": ("audio/flac", "audio/flac", "flac", "flac"),
    "wav": ("audio/wav", "audio/wav", "wav", "wav"),
    "aiff": ("audio/aiff", "audio/aiff", "aiff", "aiff"),
    "gif": ("image/gif", "image/gif", "gif", "gif"),
    "png_pipe": ("image/png", "image/png", "png", "png"),
    "apng": ("image/apng", "image/apng", "png", "png"),
    "jpeg_pipe": ("image/jpeg", "image/jpeg", "jpg", "jpg"),
    "image2": ("image/jpeg", "image/jpeg", "jpg", "jpg"),
    "webp_pipe": ("image/webp", "image/webp", "webp", "webp"),
    "bmp_pipe": ("image/bmp", "image/bmp", "bmp", "bmp"),
    "tiff_pipe": ("image/tiff", "image/tiff", "tiff", "tiff"),
}

# Of files that are no media; a name counts only where the bytes are of no known format.
_BY_ENDING = {
    "csv": "text/csv",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html",
    "json": "application/json",
    "m3u8": "application/vnd.apple.mpegurl",
    "md": "text/markdown",
    "mpd": "application/dash+xml",
    "pdf": "application/pdf",
    "srt": "application/x-subrip",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "vtt": "text/vtt",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
_SIGNATURES = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"PK\x03\x04", "application/zip", "zip"),
    (b"\x7fELF", "application/x-executable", ""),
    (b"#EXTM3U", "application/vnd.apple.mpegurl", "m3u8"),
)
_MEDIA_ENDINGS = {
    "3g2", "3gp", "avi", "flv", "m2ts", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "mts", "mxf", "ogv", "qt",
    "ts", "webm", "wmv", "aac", "aif", "aiff", "flac", "m4a", "mp3", "oga", "ogg", "opus", "wav", "wma",
}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """Kind of a file. mime, type: Transloadit's values (None: unknown). ext: without dot."""

    mime: str | None
    type: str | None
    ext: str


def kind_of_container(name: str, *, has_video: bool, head: bytes) -> Kind:
    """Kind of a file that ffmpeg opened as `name`, its comma-separated list of names.

    head: the first bytes, which tell apart the formats that share one of ffmpeg's names.
    """
    first = name.split(",")[0]
    if first == "matroska" and b"webm" in head[:64]:
        first = "webm"
    if first == "mov" and head[4:12] == b"ftypqt  ":
        first = "quicktime"
    if first not in _CONTAINERS:
        return Kind(None, "video" if has_video else "audio", first)
    with_video, with_sound_only, video_ext, audio_ext = _CONTAINERS[first]
    mime = with_video if has_video else with_sound_only
    if mime.startswith("image/"):
        return Kind(mime, "image", video_ext)
    return Kind(mime, "video" if has_video else "audio", video_ext if has_video else audio_ext)


def kind_of_other(head: bytes, *, name: str, is_whole: bool = True) -> Kind:
    """Kind of a file that is no media we read: by its first bytes, by its name, and by what its text is.

    is_whole: the first bytes are all it has.
    """
    for signature, mime, ext in _SIGNATURES:
        if head.startswith(signature):
            return Kind(mime, type_of(mime), ext)
    ending = ending_of(name)
    # What only claims to be a video stays a text, so that it is refused and not passed over as a picture.
    if ending not in _BY_ENDING and ending not in _MEDIA_ENDINGS:
        ending = text_format(head, is_whole=is_whole) or ending
    if ending in _BY_ENDING:
        return Kind(_BY_ENDING[ending], type_of(_BY_ENDING[ending]), ending)
    if head and b"\0" not in head:
        return Kind("text/plain", "document", "txt")
    return Kind("application/octet-stream" if head else None, None, "")


def type_of(mime: str) -> str | None:
    """Transloadit's `type` of that MIME type."""
    group, _, detail = mime.partition("/")
    if group in {"audio", "video", "image"}:
        return group
    if detail == "pdf":
        return "pdf"
    if "excel" in detail or "spreadsheet" in detail:
        return "xls"
    if "word" in detail:
        return "office"
    return "document" if group == "text" else None


def ending_of(name: str) -> str:
    """Extension of a file name, without its dot, in lower case."""
    return Path(name).suffix.removeprefix(".").lower()


def claims_media(name: str, *, declared_mime: object = None) -> bool:
    """Tell if a file's name or the type its client declared promises audio or video."""
    declared = str(declared_mime or "")
    return ending_of(name) in _MEDIA_ENDINGS or declared.startswith(("video/", "audio/"))
