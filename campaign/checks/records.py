"""The record of one video at its end: I3, one for each Assembly, and I4, whose end was applied once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from campaign.checks.course import is_forward
from campaign.site import Site
from campaign.state.records import Record, State
from campaign.videos import Video

END = State("ready", "")
# One after the other; some may be left out.
_ORDER = ("uploading", "processing", "ready (improving)", "ready")
# What a record has of each step: all objects, but of a stream the playlist alone.
_OBJECTS = (":original/{}/cat.mp4", "hls/{}/playlist.m3u8", "thumbnail/{}/cat.jpg", "watermarked/{}/cat.mp4")


def breaches(site: Site, video: Video) -> Iterator[str]:
    """What is wrong with the record, once its Assembly has completed and the site is at rest."""
    yield from wrong_records(site.records.of(video.id), record_id=video.record_id, folder=video.folder)
    if not site.rows.told_ends(video.id):
        yield "no notification of its end has arrived"


def wrong_records(records: Sequence[Record], *, record_id: str, folder: str) -> Iterator[str]:
    """What is wrong with those that have the Assembly. Pure.

    record_id: of the one that it was made for. folder: in the keys of what was stored.
    """
    if [record.id for record in records] != [record_id]:
        yield f"records that have the Assembly: {[record.id for record in records]}, not {record_id} alone"
        return
    (record,) = records
    if record.state != END:
        yield f"its record is {record.state} {record.error_code}"
    if list(record.object_keys) != [key.format(folder) for key in _OBJECTS]:
        yield f"its record names {list(record.object_keys)}"
    yield from _wrong_course(record.written)


def _wrong_course(written: Sequence[State]) -> Iterator[str]:
    ends = written.count(END)
    if ends != 1:
        yield f"its end was written into its record {ends} times"
    if not is_forward([_plain(state) for state in written], _ORDER):
        yield f"its record went {' → '.join(map(str, written))}"


def _plain(state: State) -> str:
    """The state without the phases that people alone want to know."""
    return str(state) if state.status == "ready" else state.status
