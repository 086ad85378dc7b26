"""What the campaign finds wrong with the records of videos."""

from __future__ import annotations

from dataclasses import replace

import pytest
from campaign.checks.records import wrong_records
from campaign.state.records import Record, State

UPLOADING, QUEUED, PROCESSING = State("uploading", ""), State("processing", "queued"), State("processing", "")
IMPROVING, READY = State("ready", "improving"), State("ready", "")
FOLDER = "0f" * 16
RIGHT = Record(
    id="cat",
    state=READY,
    error_code="",
    object_keys=[
        f":original/{FOLDER}/cat.mp4",
        f"hls/{FOLDER}/playlist.m3u8",
        f"thumbnail/{FOLDER}/cat.jpg",
        f"watermarked/{FOLDER}/cat.mp4",
    ],
    written=[UPLOADING, QUEUED, PROCESSING, PROCESSING, IMPROVING, READY],
)


def wrong(records: list[Record]) -> list[str]:
    return list(wrong_records(records, record_id="cat", folder=FOLDER))


@pytest.mark.parametrize(
    "written", [RIGHT.written, [READY], [PROCESSING, READY], [IMPROVING, IMPROVING, READY]], ids=str
)
def test_record_whose_states_were_told_late_or_not_at_all_is_right(written: list[State]) -> None:
    assert wrong([replace(RIGHT, written=written)]) == []


@pytest.mark.parametrize("records", [[], [RIGHT, RIGHT], [replace(RIGHT, id="dog")]], ids=len)
def test_i3_assembly_has_one_record_and_it_is_its_own(records: list[Record]) -> None:
    (told,) = wrong(records)

    assert told.startswith("records that have the Assembly: ")


@pytest.mark.parametrize(
    ("record", "breach"),
    [
        (replace(RIGHT, state=State("failed", ""), error_code="LOST"), "its record is failed LOST"),
        (replace(RIGHT, state=IMPROVING), "its record is ready (improving) "),
        (replace(RIGHT, object_keys=RIGHT.object_keys[1:]), "its record names "),
    ],
)
def test_i3_state_of_the_record_is_that_of_the_assembly(record: Record, breach: str) -> None:
    (told,) = wrong([record])

    assert told.startswith(breach)


@pytest.mark.parametrize(
    ("written", "breach"),
    [
        ([PROCESSING, READY, READY], "its end was written into its record 2 times"),
        ([READY, PROCESSING], "its record went ready → processing"),
        ([READY, IMPROVING], "its record went ready → ready (improving)"),
        ([State("failed", ""), READY], "its record went failed → ready"),
    ],
)
def test_i4_end_is_applied_once_and_no_state_goes_back(written: list[State], breach: str) -> None:
    assert wrong([replace(RIGHT, written=written)]) == [breach]
