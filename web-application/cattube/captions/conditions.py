"""Conditions of a change of captions: that nobody else has changed them meanwhile."""

from collections.abc import Collection
from dataclasses import dataclass

from cattube.captions.models import CaptionTrack
from cattube.errors import SiteError


class ChangedMeanwhile(SiteError):
    code, status = "CHANGED_MEANWHILE", 412

    def __init__(self) -> None:
        super().__init__("These captions were changed meanwhile. Load them again, then repeat your change.")


@dataclass(frozen=True)
class Condition:
    """What must be so for a change to be made.

    etags: the track is there and has one of them. is_new: there is no such track yet, or there is one. None:
    no matter.
    """

    etags: Collection[str] | None = None
    is_new: bool | None = None

    def check(self, track: CaptionTrack | None) -> None:
        """Raises ChangedMeanwhile."""
        is_other = self.etags is not None and (track is None or track.etag not in self.etags)
        if is_other or (self.is_new is not None and self.is_new != (track is None)):
            raise ChangedMeanwhile


ALWAYS = Condition()
