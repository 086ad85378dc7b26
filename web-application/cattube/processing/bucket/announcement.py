"""Announcement of a video in the bucket, and what every client that makes it promises."""

import json
from dataclasses import dataclass
from typing import Protocol

JSON = "application/json"


class NotAnnounced(Exception):
    """The engine could not be reached, or did not accept the video; the text has its answer."""


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """One video in the bucket. webhook: gets the outcome. output_folder: second name in the keys of objects
    that are made. assembly_id: for the Assembly that works on it; of the same announcement, always the same.
    """

    input_key: str
    webhook: str
    output_folder: str
    assembly_id: str

    @property
    def body(self) -> bytes:
        document = {
            "inputObject": self.input_key,
            "webhook": self.webhook,
            "outputFolder": self.output_folder,
            "assemblyId": self.assembly_id,
        }
        return json.dumps(document).encode()


class AnnouncementClient(Protocol):
    """Hands videos over to an engine. origin: of that engine; "" is the engine of the settings."""

    @property
    def origin(self) -> str: ...

    def announce(self, announcement: Announcement) -> str:
        """Hand the object over; the id of the Assembly that works on it, or "" when the engine names none.

        Raises NotAnnounced.
        """
