"""Uploads that a host holds, and the addresses under which other hosts fetch them.

An address ends after some hours. It opens the bytes of one upload and nothing else: it tells neither the
assembly's id nor the upload's, which are permissions to cancel and to send.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote

from cattube_worker.assemblies.hosts import hosts
from cattube_worker.assemblies.model import IngestHost, Upload
from cattube_worker.clock import Clock
from cattube_worker.database import Database
from cattube_worker.execution.job_files.errors import SourceAway
from cattube_worker.protocol.signed_urls import SignedUrls
from cattube_worker.tus.upload_files import UploadFiles, held_name

# Signed anew for each attempt. The clocks of two hosts may be an hour apart.
LIFETIME_SECONDS = 2 * 3600
_PREFIX = "/held"
# No path of a request begins so: what names a client opens nothing, nor the other way round.
_CLIENT_PREFIX = "/client"
# The name of the key in an address; its secret is one that only engines have.
_KEY_NAME = "engine"


class HeldUploads:
    """Uploads of this host for others, and the addresses of those that others hold.

    secret: of all engines on this database.
    """

    def __init__(self, files: UploadFiles, database: Database, *, secret: str, clock: Clock) -> None:
        self._files, self._database, self._clock = files, database, clock
        # A purpose of its own in the text: no link of another kind is one to an upload.
        self._urls = SignedUrls(_KEY_NAME, f"cattube held uploads {secret}", clock=clock)

    def announce(self, internal_url: str) -> None:
        """Tell the other hosts under which address this one is reached."""
        with self._database.write() as session:
            session.merge(IngestHost(name=self._files.host, internal_url=internal_url))

    def host_url(self, upload: Upload) -> str | None:
        """Address of the other host that has the upload; None when it is this one that should.

        Raises SourceAway when the other host has no address.
        """
        if upload.host is None or upload.host == self._files.host:
            return None
        with self._database.read() as session:
            host = session.get(IngestHost, upload.host)
        if host is None:
            raise SourceAway(f"{upload.host} gives no files to other hosts: INTERNAL_URL is not set there.")
        return host.internal_url

    def check_host(self, upload: Upload) -> None:
        """Check that the host that has the upload was heard of lately. Raises SourceAway."""
        with self._database.read() as session:
            away_seconds = hosts.silent_seconds(session, upload.host or "")
        if away_seconds:
            raise SourceAway(f"{upload.host} is away.", away_seconds=away_seconds)

    def url_of(self, upload: Upload) -> str | None:
        """Address at which another host gives the upload's bytes to this one. As `host_url` otherwise."""
        return self._signed_url(upload, f"{_PREFIX}/{held_name(upload.id)}")

    def index_url_of(self, upload: Upload) -> str | None:
        """The same for the index that was sent ahead of the bytes."""
        return self._signed_url(upload, f"{_PREFIX}/{held_name(upload.id)}/index")

    def allows(self, path: str, arguments: Mapping[str, str]) -> bool:
        """Tell if an engine signed the path of such an address, and it has not ended."""
        return self._urls.allows(path, arguments)

    def signed_client(self, path: str, network: str) -> str:
        """Text that tells another host for which client this one hands a request on.

        path: of that request, for which alone the text holds. network: of the client; "" is this machine.
        """
        named = quote(network, safe="")
        signed_path = self._signed(f"{_CLIENT_PREFIX}/{named}{path}")
        return f"{named}?{signed_path.partition('?')[2]}"

    def client_of(self, path: str, text: str) -> str | None:
        """The network in such a text; None if no engine signed it for a request of that path, or it ended."""
        named, _, query = text.partition("?")
        is_signed = self._urls.allows(f"{_CLIENT_PREFIX}/{named}{path}", dict(parse_qsl(query)))
        return unquote(named) if is_signed else None

    def find(self, folder: str, name: str) -> Path | None:
        """The upload of this host at an address, if it is here."""
        return self._files.held(folder, name)

    def _signed_url(self, upload: Upload, path: str) -> str | None:
        host_url = self.host_url(upload)
        return None if host_url is None else host_url + self._signed(path)

    def _signed(self, path: str) -> str:
        return self._urls.signed_until(path, int(self._clock() + LIFETIME_SECONDS) * 1000)
