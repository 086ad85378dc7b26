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
from cattube_worker.robots.http_import.share_links import direct
from cattube_worker.robots.shared.byte_ranges import Ranges, RangeWriter
from cattube_worker.robots.shared.import_robot import ImportContext, ImportedFile, ImportRobot, Texts, TooMany

if TYPE_CHECKING:
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
        return [each.strip() for url in self.url for each in url.split(self.url_delimiter) if each.strip()]

    def fetch(self, import_context: ImportContext) -> Iterator[ImportedFile]:
        # Only where it is needed: the HTTP client is heavy and most installations never fetch anything.
        from cattube_worker.outbound.errors import OutboundError
        from cattube_worker.outbound.http import Outbound

        outbound = Outbound(import_context.trusted_hosts)
        headers = {**self._stored_headers(import_context), **dict(self.headers)}
        if len(self.urls) > import_context.max_files:
            raise TooMany(f"{len(self.urls)} files are more than the {import_context.max_files} allowed.")
        for index, url in enumerate(self.urls):
            target = import_context.folder / f"import-{index}"
            try:
                found = self._fetch(url, target, headers, import_context, outbound)
            except OutboundError as error:
                target.unlink(missing_ok=True)
                raise AssemblyError(
                    str(error), code=_code(error), retryable=error.retryable and not self.fail_fast
                ) from error
            yield ImportedFile(path=target, name=_name(found.disposition, found.url), import_url=url)
            import_context.report((index + 1) / len(self.urls))

    def _fetch(
        self,
        url: str,
        target: Path,
        headers: Mapping[str, str],
        import_context: ImportContext,
        outbound: Outbound,
    ) -> Download:
        """The file at `target`, or what is wanted of it. Raises OutboundError, AssemblyError."""
        most = min(import_context.max_bytes, self.max_file_size or import_context.max_bytes)
        if not self.range:
            return outbound.download(
                direct(url), target, max_bytes=most, headers=headers, stop=import_context.stop
            )
        piece = target.with_name(f"{target.name}-piece")
        patchwork = RangeWriter(target, most, is_of_one=len(self.range) == 1)
        for wanted in self.range:
            asking = {**headers, "Range": f"bytes={wanted.strip()}"}
            found = outbound.download(
                direct(url), piece, max_bytes=most, headers=asking, stop=import_context.stop
            )
            if found.starts_at_byte is None:  # a server that knows no ranges sends everything
                piece.replace(target)
                return found
            with piece.open("rb") as reading:
                patchwork.add(reading, found.starts_at_byte, piece.stat().st_size)
        piece.unlink()
        return found

    def _stored_headers(self, import_context: ImportContext) -> dict[str, str]:
        """The headers in the stored credentials that the step names. Raises AssemblyError."""
        if self.credentials is None:
            return {}
        access = import_context.stores.access(self.credentials)
        try:
            found = dict(_HEADERS.validate_python(access.content.get("headers", [])))
        except ValueError:
            found = {}
        if access.type != "http" or not found:
            raise AssemblyError(
                f'The credentials "{self.credentials}" hold no headers to send: '
                'store some of the type "http" with "headers".',
                code="HTTP_IMPORT_VALIDATION",
            )
        return found


def _code(error: Any) -> str:
    if error.answered in {404, 410}:
        return "HTTP_IMPORT_NOT_FOUND"
    return "HTTP_IMPORT_ACCESS_DENIED" if error.answered in {401, 403} else "HTTP_IMPORT_FAILURE"


def _name(disposition: str, url: str) -> str:
    """The name the server gives, else the last part of the address."""
    if found := re.search(r"filename\*\s*=\s*[\w-]*'[^']*'([^;\s]+)", disposition, re.IGNORECASE):
        return unquote(found[1])
    if found := re.search(r'filename\s*=\s*(?:"([^"]*)"|([^;\s]+))', disposition, re.IGNORECASE):
        return found[1] or found[2] or ""
    return unquote(urlsplit(url).path.rpartition("/")[2])
