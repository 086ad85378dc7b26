from itertools import permutations
from typing import Any

import pytest
from django.contrib.auth.models import User
from hypothesis import given
from hypothesis import strategies as st
from statuses import (
    FILES,
    completed_status,
    executing_status,
    failed_status,
    ladder_status,
    published_status,
    status_of,
    uploading_status,
)

from cattube.processing.lifecycle.error_messages import BROKEN, NOT_STORED, UNREADABLE
from cattube.processing.lifecycle.transition import State, state_after, state_after_failure
from cattube.processing.transloadit.status.assembly_status import AssemblyStatus
from cattube.processing.transloadit.status.status_parser import parse_status
from cattube.videos.models import Video

VIDEO = Video(id="abcdefghijk", owner=User(username="alice"), title="Cat")
NEW = State(status="uploading")
READY = State(status="ready", progress=100)
UPLOADING = parse_status(uploading_status(VIDEO))
EXECUTING = parse_status(executing_status(VIDEO))
COMPLETED = parse_status(completed_status(VIDEO))
FAILED = parse_status(failed_status(VIDEO))
PUBLISHED = parse_status(published_status(VIDEO))
LADDER = parse_status(ladder_status(VIDEO))
IMPROVING = State(status="ready", progress=100, phase="improving")
ALL = [UPLOADING, EXECUTING, PUBLISHED, LADDER, COMPLETED, FAILED]


def after(*reports: AssemblyStatus, now: State = NEW) -> State:
    for report in reports:
        now = state_after(now, report)
    return now


def test_video_goes_from_uploading_over_processing_to_ready() -> None:
    states = [after(UPLOADING), after(UPLOADING, EXECUTING), after(UPLOADING, EXECUTING, COMPLETED)]

    assert [(state.status, state.progress) for state in states] == [
        ("uploading", 50),
        ("processing", 40),
        ("ready", 100),
    ]


@pytest.mark.parametrize("end", [COMPLETED, FAILED], ids=["ready", "failed"])
@pytest.mark.parametrize("late", [UPLOADING, EXECUTING, COMPLETED, FAILED], ids=lambda r: r.phase.value)
def test_end_never_goes_back_w07(end: AssemblyStatus, late: AssemblyStatus) -> None:
    assert after(end, late) == after(end)


def test_any_order_of_reports_ends_the_same_w06() -> None:
    ends = {after(*order) for order in permutations([UPLOADING, EXECUTING, COMPLETED])}

    assert ends == {READY}


@given(st.lists(st.sampled_from([UPLOADING, EXECUTING]), max_size=6), st.integers(1, 5))
def test_repeated_reports_change_nothing_w04(before: list[AssemblyStatus], times: int) -> None:
    assert after(*before, *[COMPLETED] * times, *before) == READY


@given(st.lists(st.integers(0, 100), min_size=1))
def test_progress_never_falls(percents: list[int]) -> None:
    reports = [parse_status(executing_status(VIDEO, percent=percent)) for percent in percents]

    assert after(*reports).progress == max(percents)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ("INVALID_INPUT_ERROR", "cat.mp4 is not a video we can read"),
        ("BACKBLAZE_STORE_FAILURE", NOT_STORED),
        ("S3_STORE_ACCESS_DENIED", NOT_STORED),
        ("A_CODE_OF_TOMORROW", BROKEN),
    ],
)
def test_failure_has_the_engines_code_and_one_sentence(error: str, sentence: str) -> None:
    state = after(parse_status(failed_status(VIDEO, error)))

    assert (state.status, state.error_code, state.error_message) == ("failed", error, sentence)


@pytest.mark.parametrize("ok", ["ASSEMBLY_CANCELED", "REQUEST_ABORTED"])
def test_upload_that_was_broken_off_failed(ok: str) -> None:
    state = after(parse_status(status_of(VIDEO, ok=ok)))

    assert (state.status, state.error_code) == ("failed", ok)


@pytest.mark.parametrize("stored", [(), (":original",), (":original", "thumbnail")])
def test_completed_without_a_watermarked_video_is_no_video(stored: tuple[str, ...]) -> None:
    status: dict[str, Any] = completed_status(VIDEO)
    status["results"] = {step: status["results"][step] for step in stored}

    state = after(parse_status(status))

    assert (state.status, state.error_message) == ("failed", UNREADABLE)


def working(phase: str | None, *steps: str) -> AssemblyStatus:
    document = published_status(VIDEO, execution_phase=phase, percent=60)
    document["results"] = {step: document["results"][step] for step in steps}
    return parse_status(document)


@pytest.mark.parametrize("phase", ["processing", "storing", "improving", None])
@pytest.mark.parametrize(
    ("steps", "status"),
    [
        pytest.param(("watermarked", "thumbnail"), "ready", id="both"),
        pytest.param(tuple(FILES), "ready", id="all"),
        pytest.param(("watermarked",), "processing", id="no-thumbnail"),
        pytest.param((":original", "resized", "thumbnail"), "processing", id="no-video"),
        pytest.param((), "processing", id="nothing"),
    ],
)
def test_video_is_ready_once_one_rendition_and_its_thumbnail_are_stored(
    phase: str | None, steps: tuple[str, ...], status: str
) -> None:
    state = after(EXECUTING, working(phase, *steps))

    assert state.status == status
    assert (state.phase == "improving") is (status == "ready")


def test_what_was_stored_of_an_upload_under_way_is_no_video_yet() -> None:
    document = uploading_status(VIDEO, results=completed_status(VIDEO)["results"])

    assert after(parse_status(document)).status == "uploading"


def test_ready_video_is_settled_by_the_end_of_its_assembly() -> None:
    assert [after(PUBLISHED), after(PUBLISHED, LADDER)] == [IMPROVING, READY]


@pytest.mark.parametrize("before", [(), (EXECUTING,), (PUBLISHED,)], ids=["new", "processing", "improving"])
@pytest.mark.parametrize(
    "end", [FAILED, "canceled", "without-results"], ids=["failed", "canceled", "nothing"]
)
def test_failure_never_hides_a_video_that_is_stored(before: tuple[AssemblyStatus, ...], end: Any) -> None:
    results = published_status(VIDEO)["results"]
    ends = {
        "canceled": parse_status(status_of(VIDEO, ok="ASSEMBLY_CANCELED", results=results)),
        "without-results": parse_status(completed_status(VIDEO, results={})),
    }
    report = ends.get(end, parse_status(failed_status(VIDEO, "S3_STORE_FAILURE", results=results)))

    state = after(*before, report)

    is_hidden = end == "without-results" and before != (PUBLISHED,)
    assert state == READY if not is_hidden else state.status == "failed"


def test_assembly_that_is_lost_leaves_the_video_as_good_as_it_is() -> None:
    lost = [state_after_failure(now, "ASSEMBLY_NOT_FOUND") for now in (NEW, IMPROVING, READY)]

    assert [(state.status, state.phase, state.error_code) for state in lost] == [
        ("failed", "", "ASSEMBLY_NOT_FOUND"),
        ("ready", "", ""),
        ("ready", "", ""),
    ]


@pytest.mark.parametrize("late", [UPLOADING, EXECUTING, PUBLISHED], ids=lambda r: r.phase.value)
def test_late_report_takes_nothing_from_a_video_that_is_ready_w07(late: AssemblyStatus) -> None:
    assert after(PUBLISHED, late) == IMPROVING
    assert after(PUBLISHED, LADDER, late) == READY


def test_any_order_of_reports_with_a_first_publication_ends_the_same_w06() -> None:
    ends = {after(*order) for order in permutations([UPLOADING, EXECUTING, PUBLISHED, LADDER])}

    assert ends == {READY}


@given(st.lists(st.sampled_from(ALL), max_size=8))
def test_what_could_be_watched_once_can_be_watched_for_ever_w04_w06_w07(
    reports: list[AssemblyStatus],
) -> None:
    states = [after(*reports[:count]) for count in range(len(reports) + 1)]

    rank = {"uploading": 0, "processing": 1, "ready": 2, "failed": 2}
    ranks = [rank[state.status] + (rank[state.status] == 2 and not state.phase) for state in states]
    assert ranks == sorted(ranks)
    ends = [state for state, rank in zip(states, ranks, strict=True) if rank == 3]
    assert len(set(ends)) <= 1
    watched = [state.status == "ready" for state in states]
    assert watched == sorted(watched)


GROWING = "http://127.0.0.1:5678/growing/ab12/playlist.m3u8"


def test_growing_stream_comes_and_goes_with_the_reports_and_stays_while_the_video_improves() -> None:
    """Who watches it when the video is ready goes on until the engine ends it."""
    reports = [
        uploading_status(VIDEO, growing_hls_url=GROWING),
        executing_status(VIDEO, percent=10, growing_hls_url=GROWING),
        executing_status(VIDEO, percent=11),
        executing_status(VIDEO, percent=12, growing_hls_url=GROWING),
        published_status(VIDEO),
        published_status(VIDEO),
        ladder_status(VIDEO),
    ]
    states = [after(*map(parse_status, reports[: count + 1])) for count in range(len(reports))]

    assert [state.growing_hls_url for state in states] == [GROWING, GROWING, "", *[GROWING] * 3, ""]
    assert after(parse_status(reports[0]), FAILED).growing_hls_url == ""
