"""The bucket of the site, as its operator sees it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from servers.s3_server import S3Server


@dataclass(frozen=True)
class Bucket:
    server: S3Server
    name: str

    def keys(self, folder: str) -> list[str]:
        """Keys of the objects in a folder, which ends with a slash."""
        pages = self.server.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=folder)
        return [item["Key"] for page in pages for item in page.get("Contents", ())]

    def unfinished(self) -> list[str]:
        """Keys of uploads in parts that were neither completed nor given up."""
        return self.server.unfinished(self.name)

    def delete(self, key: str) -> None:
        self.server.client.delete_object(Bucket=self.name, Key=key)

    def fetch_below(self, folder: str, target: Path) -> list[Path]:
        """The objects in a folder as files below `target`, laid out as there."""
        paths = []
        for key in self.keys(folder):
            path = target / key.removeprefix(folder)
            path.parent.mkdir(parents=True, exist_ok=True)
            self.server.client.download_file(self.name, key, str(path))
            paths.append(path)
        return paths
