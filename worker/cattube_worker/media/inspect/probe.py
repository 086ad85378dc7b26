"""Probe of a file: its kind, digest and metadata, whatever its name claims."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cattube_worker.errors import AssemblyError
from cattube_worker.media.inspect.ffmpeg_banner import read_banner
from cattube_worker.media.inspect.formats import (
    AUDIO_VIDEO_DEMUXERS,
    IMAGE_DEMUXERS,
    Kind,
    kind_of_container,
    kind_of_other,
)
from cattube_worker.media.inspect.image_size import picture_mime, picture_size
from cattube_worker.media.inspect.metadata import has_video, meta_of, still_meta
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.run import run
from cattube_worker.media.process.tools import Tools

_HEAD_BYTES = 4096


@dataclass(frozen=True, kw_only=True)
class FileFacts:
    """Facts about a file: kind, digest and metadata.

    type: "video", "audio", "image", "document" …, None when unknown. ext: without dot, "" when unknown.
    meta: the keys of Transloadit's `meta`; seconds, bit/s, pixels. Empty for a file that is no media.
    """

    mime: str | None
    type: str | None
    ext: str
    size_bytes: int
    md5hash: str
    meta: dict[str, Any] = field(default_factory=dict)


def md5_of(path: Path) -> str:
    """MD5 of the bytes at `path`, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def describe(
    path: Path, *, name: str, tools: Tools, limits: Limits, digest: Callable[[Path], str] = md5_of
) -> FileFacts:
    """Facts about `path`, which a client called `name`.

    digest: returns the MD5 of a file in hexadecimal.
    A file that is no media we read is described by its first bytes and its name; that is no error.
    """
    size_bytes = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    # The digest takes a second for each 500 MB, and a client may be waiting.
    with ThreadPoolExecutor(max_workers=1) as pool:
        md5hash = pool.submit(digest, path)
        kind, meta = _kind_and_meta(path, head, name=name, tools=tools, limits=limits)
        return FileFacts(
            mime=kind.mime,
            type=kind.type,
            ext=kind.ext,
            size_bytes=size_bytes,
            md5hash=md5hash.result(),
            meta=meta,
        )


def _kind_and_meta(
    path: Path, head: bytes, *, name: str, tools: Tools, limits: Limits
) -> tuple[Kind, dict[str, Any]]:
    if mime := picture_mime(head):
        size = picture_size(path)
        ext = "png" if mime == "image/png" else "jpg"
        return Kind(mime, "image", ext), still_meta(size) if size else {}
    document = probe(path, tools=tools, limits=limits) if head else None
    if document is None:
        return kind_of_other(head, name=name, is_whole=len(head) < _HEAD_BYTES), {}
    container = str(document["format"].get("format_name", ""))
    return kind_of_container(container, has_video=has_video(document), head=head), meta_of(document)


def probe(path: Path, *, tools: Tools, limits: Limits) -> dict[str, Any] | None:
    """ffprobe's document about a file, {"format", "streams"}; None when it is no media we read.

    Any file may be hostile: nothing but the file itself is opened.
    """
    guards = input_guards(limits)
    if tools.ffprobe is not None:
        program, arguments = tools.ffprobe, ["-of", "json", "-show_format", "-show_streams"]
        arguments = ["-v", "error", *guards, *arguments, f"file:{path}"]
    else:
        program, arguments = tools.ffmpeg, ["-hide_banner", "-nostdin", *guards, "-i", f"file:{path}"]
    try:
        result = run(
            program,
            arguments,
            sandbox=tools.sandbox,
            limits=limits,
            timeout_seconds=limits.probe_seconds,
            reads=[path],
        )
    except AssemblyError:
        return None
    if tools.ffprobe is None:  # its exit code is always an error: there is no output
        document = read_banner(result.errors)
    else:
        document = _read_json(result.output) if result.exit_code == 0 else None
    return document if document and document.get("streams") else None


def input_guards(
    limits: Limits,
    *,
    protocol: str = "file",
    demuxers: Sequence[str] = (*AUDIO_VIDEO_DEMUXERS, *IMAGE_DEMUXERS),
) -> list[str]:
    """Options in front of an input that limit what opening it can do."""
    formats = ",".join(demuxers)
    return [
        "-protocol_whitelist", protocol,
        "-format_whitelist", formats,
        "-max_streams", str(limits.max_streams),
    ]  # fmt: skip


def _read_json(text: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(text)
    except ValueError:
        return None
    return document if isinstance(document, dict) and "format" in document else None
