"""The bucket of a site of several hosts."""

from __future__ import annotations

from dataclasses import dataclass

from servers.s3_server import S3Server

# Of the engine: what jobs leave for one another.
SCRATCH_FOLDER = "scratch/"


@dataclass(frozen=True)
class SiteBucket:
    """One bucket of a server. name: of the bucket there."""

    server: S3Server
    name: str

    def settings(self, *, endpoint_url: str) -> dict[str, str]:
        """With which an engine finds it. endpoint_url: the way on which its hosts reach the server."""
        return {
            "B2_ENDPOINT_URL": endpoint_url,
            "B2_APPLICATION_KEY_ID": self.server.key_id,
            "B2_APPLICATION_KEY": self.server.secret,
            "BUCKET_NAME": self.name,
        }

    def stored_bytes(self) -> int:
        """Size of all that lies there, but for what jobs have left for one another."""
        pages = self.server.client.get_paginator("list_objects_v2").paginate(Bucket=self.name)
        objects = [item for page in pages for item in page.get("Contents", ())]
        return sum(item["Size"] for item in objects if not item["Key"].startswith(SCRATCH_FOLDER))
