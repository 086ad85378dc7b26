"""Probe of a file: its kind, digest and metadata, whatever its name claims."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from cattube_worker.errors import AssemblyError
from cattube_worker.media.errors import CommandFailed
from cattube_worker.media.file_facts import FileFacts, md5_of
from cattube_worker.media.input_guards import input_guards
from cattube_worker.media.inspect.container_facts import add_container_facts, add_decodability
from cattube_worker.media.inspect.ffmpeg_banner import BannerNotUnderstood, read_banner
from cattube_worker.media.inspect.formats import Kind, kind_of_container, kind_of_other
from cattube_worker.media.inspect.lengths import is_doubtful
from cattube_worker.media.inspect.measured_lengths import measure
from cattube_worker.media.inspect.metadata import has_video, meta_of, still_meta
from cattube_worker.media.inspect.stills.image_size import picture_mime, picture_size
from cattube_worker.media.inspect.streams import choose_streams
from cattube_worker.media.process.capabilities import channel_layouts, decodable_codecs
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.run import RunResult, run
from cattube_worker.media.process.tools import Tools

log = logging.getLogger(__name__)

_HEAD_BYTES = 4096
_MAX_BANNER_BYTES = 4 * 2**20  # of ffmpeg, which writes all that a file says about itself


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
    """ffprobe's document about a file, {"format", "streams", "programs"}; None when it is no media we read.

    A stream that is not decoded here has "is_decodable": False. Any file may be hostile: nothing but the file
    itself is opened. Raises CommandFailed when ffmpeg knows the file, and what it says is not understood.
    """
    document = _read_document(path, tools=tools, limits=limits)
    if document is None or not document.get("streams"):
        return None
    add_container_facts(document, path)
    add_decodability(document, decodable_codecs(tools))
    chosen = choose_streams(document)
    if is_doubtful(document, chosen, longest_seconds=limits.max_duration_seconds):
        guards = [*input_guards(limits), "-i", f"file:{path}"]
        measured = measure(path, guards, chosen, tools=tools, limits=limits)
        if measured is not None:
            document["format"]["measured"] = measured
    return document


def _read_document(path: Path, *, tools: Tools, limits: Limits) -> dict[str, Any] | None:
    """ffprobe's document, else what ffmpeg's banner says: ffprobe gives up where one decoder does."""
    if tools.ffprobe is not None:
        arguments = ["-v", "error", "-of", "json", "-show_format", "-show_streams", "-show_programs"]
        result = _ask(tools.ffprobe, arguments, path, tools=tools, limits=limits)
        document = _read_json(result.output) if result and result.exit_code == 0 else None
        if document is not None:
            return document
    # The exit code is always an error: there is no output.
    result = _ask(tools.ffmpeg, ["-hide_banner", "-nostdin"], path, tools=tools, limits=limits)
    try:
        return read_banner(result.errors, layouts=channel_layouts(tools)) if result else None
    except BannerNotUnderstood as error:
        log.exception("the banner of ffmpeg %s was not understood", tools.version)
        raise CommandFailed("ffmpeg's words about this file were not understood.") from error


def _ask(
    program: Path, arguments: Sequence[str], path: Path, *, tools: Tools, limits: Limits
) -> RunResult | None:
    """What a program says about a file; None where it takes too long, or cannot be started."""
    try:
        return run(
            program,
            [*arguments, *input_guards(limits), "-i", f"file:{path}"],
            sandbox=tools.sandbox,
            limits=limits,
            timeout_seconds=limits.probe_seconds,
            reads=[path],
            max_error_bytes=_MAX_BANNER_BYTES,
        )
    except AssemblyError:
        return None


def _read_json(text: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(text)
    except ValueError:
        return None
    return document if isinstance(document, dict) and "format" in document else None
