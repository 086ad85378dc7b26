"""/http/import: files from addresses in the web."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, model_validator

from cattube_worker.errors import AssemblyError
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.http_import.share_links import direct
from cattube_worker.robots.shared.byte_ranges import Ranges, RangeWriter
from cattube_worker.robots.shared.import_robot import ImportedFile, ImportRobot, check_count
from cattube_worker.robots.shared.values import Texts

if TYPE_CHECKING:
    from cattube_worker.outbound.errors import OutboundError
    from cattube_worker.outbound.http import Download, Outbound

_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
# Said by us or by the connection: a step that sets them could ask for another host, or for two things.
_OURS = frozenset({"host", "range", "content-length", "transfer-encoding", "connection", "te", "upgrade"})


def _pairs(value: Any) -> Any:
    """Headers as name and value, in each of the three ways they may be written."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            value = [value] if value else []
    entries = value if isinstance(value, list | tuple) else [value]
    pairs: list[tuple[object, object]] = []
    for entry in entries:
        if isinstance(entry, dict):
            pairs += entry.items()
        elif isinstance(entry, str) and ":" in entry:
            name, _, text = entry.partition(":")
            pairs.append((name.strip(), text.strip()))
        else:
            pairs.append(
                tuple(entry) if isinstance(entry, list | tuple) and len(entry) == 2 else (None, None)
            )
    return pairs


def _plain_headers(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    for name, text in pairs:
        if not _HEADER.fullmatch(name) or name.lower() in _OURS:
            raise ValueError(f'"{name[:50]}" is no header that a step may send')
        if not text.isprintable() or not text.isascii():
            raise ValueError(f"the header {name} holds characters that no header may hold")
    return pairs


Headers = Annotated[tuple[tuple[str, str], ...], BeforeValidator(_pairs), AfterValidator(_plain_headers)]
_HEADERS: TypeAdapter[tuple[tuple[str, str], ...]] = TypeAdapter(Headers)


class HttpImport(ImportRobot):
    """Each address gives one file; redirects are followed, at most three, and judged like the first.

    Source: Transloadit docs, "/http/import".
    """

    name: ClassVar[str] = "/http/import"

    url: Annotated[Texts, Field(min_length=1)]
    url_delimiter: str = Field("|", min_length=1)
    headers: Headers = ()
    fail_fast: bool = False
    max_file_size: int | None = Field(None, ge=1)
    range: Ranges = ()
    credentials: str | None = None

    @model_validator(mode="after")
    def _only_http(self) -> Self:
        for url in self.urls:
            parts = urlsplit(url)
            if parts.scheme not in {"http", "https"} or not parts.hostname:
                raise ValueError("expected http:// or https:// addresses")
        if not self.urls:
            raise ValueError("expected at least one address")
        return self

    @property
    def urls(self) -> list[str]:
        """The addresses, one by one."""
        parts = (part.strip() for url in self.url for part in url.split(self.url_delimiter))
        return [part for part in parts if part]

    def fetch(self, workspace: Workspace) -> Iterator[ImportedFile]:
        from cattube_worker.outbound.errors import OutboundError

        outbound = workspace.outbound()
        headers = {**self._stored_headers(workspace), **dict(self.headers)}
        check_count(len(self.urls), workspace)
        for index, url in enumerate(self.urls):
            target = workspace.folder / f"import-{index}"
            try:
                download = self._download(url, target, headers, workspace, outbound)
            except OutboundError as error:
                target.unlink(missing_ok=True)
                raise AssemblyError(
                    str(error),
                    code=self.error_code(_code_suffix(error)),
                    retryable=error.retryable and not self.fail_fast,
                ) from error
            yield ImportedFile(path=target, name=_name(download.disposition, download.url), import_url=url)
            workspace.report((index + 1) / len(self.urls))

    def _download(
        self,
        url: str,
        target: Path,
        headers: Mapping[str, str],
        workspace: Workspace,
        outbound: Outbound,
    ) -> Download:
        """The file at `target`, or what is wanted of it. Raises OutboundError, AssemblyError."""
        max_bytes = workspace.limits.max_upload_bytes
        max_bytes = min(max_bytes, self.max_file_size or max_bytes)
        address, stop = direct(url), workspace.stop
        if not self.range:
            return outbound.download(address, target, max_bytes=max_bytes, headers=headers, stop=stop)
        piece = target.with_name(f"{target.name}-piece")
        writer = RangeWriter(target, max_bytes, is_of_one=len(self.range) == 1, room=workspace.room)
        for text in self.range:
            asking = {**headers, "Range": f"bytes={text.strip()}"}
            download = outbound.download(address, piece, max_bytes=max_bytes, headers=asking, stop=stop)
            if download.starts_at_byte is None:  # a server that knows no ranges sends everything
                piece.replace(target)
                return download
            with piece.open("rb") as reading:
                writer.add(reading, download.starts_at_byte, piece.stat().st_size)
        piece.unlink()
        return download

    def _stored_headers(self, workspace: Workspace) -> dict[str, str]:
        """The headers in the stored credentials that the step names. Raises AssemblyError."""
        if self.credentials is None:
            return {}
        access = workspace.stores.access(self.credentials)
        try:
            headers = dict(_HEADERS.validate_python(access.content.get("headers", [])))
        except ValueError:
            headers = {}
        if access.type != "http" or not headers:
            raise AssemblyError(
                f'The credentials "{self.credentials}" hold no headers to send: '
                'store some of the type "http" with "headers".',
                code=self.error_code("VALIDATION"),
            )
        return headers


def _code_suffix(error: OutboundError) -> str:
    if error.answered in {404, 410}:
        return "NOT_FOUND"
    return "ACCESS_DENIED" if error.answered in {401, 403} else "FAILURE"


def _name(disposition: str, url: str) -> str:
    """The name the server gives, else the last part of the address."""
    if match := re.search(r"filename\*\s*=\s*[\w-]*'[^']*'([^;\s]+)", disposition, re.IGNORECASE):
        return unquote(match[1])
    if match := re.search(r'filename\s*=\s*(?:"([^"]*)"|([^;\s]+))', disposition, re.IGNORECASE):
        return match[1] or match[2] or ""
    return unquote(urlsplit(url).path.rpartition("/")[2])
