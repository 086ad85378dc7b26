"""Playing a playlist through: where in it a video stands, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass

from cattube.playlists.access import entries_for
from cattube.playlists.models import Playlist, PlaylistEntry
from cattube.videos.access import Viewer
from cattube.videos.models import Video

SHOWN_BEFORE = 10
SHOWN_AFTER = 40


@dataclass(frozen=True)
class Place:
    """Place of a video in a playlist. number: from 1. entries: those around it, in their order."""

    playlist: Playlist
    number: int
    count: int
    entries: list[PlaylistEntry]
    next_video: Video | None

    @property
    def query(self) -> str:
        """What follows in the address of a video that is played in this playlist."""
        return f"?playlist={self.playlist.pk}"


def place_of(video: Video, playlist: Playlist, viewer: Viewer) -> Place | None:
    """The place of the video; None where the playlist does not have it."""
    order = list(entries_for(playlist, viewer).values_list("video_id", flat=True))
    if video.pk not in order:
        return None
    index = order.index(video.pk)
    around = order[max(0, index - SHOWN_BEFORE) : index + 1 + SHOWN_AFTER]
    entries = list(entries_for(playlist, viewer).filter(video__in=around))
    later = [entry.video for entry in entries[around.index(video.pk) + 1 :] if entry.video.is_ready]
    return Place(playlist, index + 1, len(order), entries, later[0] if later else None)
