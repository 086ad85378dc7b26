"""Assembly Status of the engine, cut to what the site needs of it."""

import re
from dataclasses import dataclass
from enum import Enum

from cattube.errors import SiteError
from cattube.videos.states import IMPROVING

ASSEMBLY_ID = re.compile(r"[0-9a-f]{32}")
ERROR_CODE = re.compile(r"[A-Z0-9_]{1,80}")
UNKNOWN_FAILURE = "INTERNAL_COMMAND_ERROR"


class InvalidStatus(SiteError):
    """The document is no Assembly Status of one of our videos, signed or not."""

    code, status = "INVALID_FORM_DATA", 400


class Phase(Enum):
    """Work on an Assembly. Hosted Transloadit does not tell waiting and storing from processing."""

    UPLOADING = "uploading"
    QUEUED = "queued"
    HELD = "held"  # no machine is there that would go on with it
    PROCESSING = "processing"
    STORING = "storing"
    IMPROVING = IMPROVING  # all that is needed to watch is stored
    COMPLETED = "completed"
    FAILED = "failed"


WORKING = (Phase.QUEUED, Phase.HELD, Phase.PROCESSING, Phase.STORING, Phase.IMPROVING)


@dataclass(frozen=True, kw_only=True)
class Result:
    """Stored object of an Assembly. role: the step that made it, without a leading colon.

    folder: of a playlist, the prefix of all objects that it names.
    """

    role: str
    object_key: str
    content_type: str
    size_bytes: int | None
    width: int | None
    height: int | None
    duration_seconds: float | None
    folder: str = ""


@dataclass(frozen=True, kw_only=True)
class Original:
    """The file as it arrived, while it is worked on. url: at the engine, with its own permission."""

    url: str
    content_type: str


@dataclass(frozen=True, kw_only=True)
class AssemblyStatus:
    """State of one Assembly, which carries one attempt at a video.

    percent: of the bytes while uploading, of the work afterwards. queue_position: 1 for the next; None when
    the Assembly is not queued, or the engine does not say. folder: in the keys of what it stores, as we have
    signed it; empty in Assemblies of older versions. growing_hls_url: playlist of the live preview.
    error_code, error_words: set when it failed; the words are the engine's own, and may be missing.
    stored_steps: steps whose files the instructions store, as far as the status names them.
    """

    assembly_id: str
    video_id: str
    attempt: int
    phase: Phase
    folder: str = ""
    percent: int = 0
    queue_position: int | None = None
    original: Original | None = None
    growing_hls_url: str = ""
    error_code: str = ""
    error_words: str = ""
    results: tuple[Result, ...] = ()
    stored_steps: tuple[str, ...] = ()

    @property
    def is_final(self) -> bool:
        return self.phase in (Phase.COMPLETED, Phase.FAILED)

    @property
    def folders(self) -> tuple[str, ...]:
        """Second names that keys of what it stores may have."""
        return folders_of(self.folder, self.assembly_id)


def folders_of(folder: str, assembly_id: str) -> tuple[str, ...]:
    """Second names that keys of an attempt's objects may have.

    With a template of an older version it is the Assembly's id, which no other attempt has either.
    """
    return tuple(name for name in (folder, assembly_id) if name)
