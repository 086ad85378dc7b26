from itertools import permutations
from typing import Any

import pytest
from django.contrib.auth.models import User
from hypothesis import given
from hypothesis import strategies as st
from statuses import completed_status, executing_status, failed_status, status_of, uploading_status

from cattube.processing.reasons import BROKEN, NOT_STORED, UNREADABLE
from cattube.processing.report import Report, report_from
from cattube.processing.transition import State, state_after
from cattube.videos.models import Video

VIDEO = Video(id="abcdefghijk", owner=User(username="alice"), title="Cat")
NEW = State(status="uploading")
READY = State(status="ready", progress=100)
UPLOADING = report_from(uploading_status(VIDEO))
EXECUTING = report_from(executing_status(VIDEO))
COMPLETED = report_from(completed_status(VIDEO))
FAILED = report_from(failed_status(VIDEO))


def after(*reports: Report, now: State = NEW) -> State:
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
def test_end_never_goes_back_w07(end: Report, late: Report) -> None:
    assert after(end, late) == after(end)


def test_any_order_of_reports_ends_the_same_w06() -> None:
    ends = {after(*order) for order in permutations([UPLOADING, EXECUTING, COMPLETED])}

    assert ends == {READY}


@given(st.lists(st.sampled_from([UPLOADING, EXECUTING]), max_size=6), st.integers(1, 5))
def test_repeated_reports_change_nothing_w04(before: list[Report], times: int) -> None:
    assert after(*before, *[COMPLETED] * times, *before) == READY


@given(st.lists(st.integers(0, 100), min_size=1))
def test_progress_never_falls(percents: list[int]) -> None:
    reports = [report_from(executing_status(VIDEO, percent=percent)) for percent in percents]

    assert after(*reports).progress == max(percents)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ("INVALID_INPUT_ERROR", UNREADABLE),
        ("BACKBLAZE_STORE_FAILURE", NOT_STORED),
        ("S3_STORE_ACCESS_DENIED", NOT_STORED),
        ("A_CODE_OF_TOMORROW", BROKEN),
    ],
)
def test_failure_has_the_engines_code_and_one_sentence(error: str, sentence: str) -> None:
    state = after(report_from(failed_status(VIDEO, error)))

    assert (state.status, state.error_code, state.error_message) == ("failed", error, sentence)


@pytest.mark.parametrize("ok", ["ASSEMBLY_CANCELED", "REQUEST_ABORTED"])
def test_upload_that_was_broken_off_failed(ok: str) -> None:
    state = after(report_from(status_of(VIDEO, ok=ok)))

    assert (state.status, state.error_code) == ("failed", ok)


@pytest.mark.parametrize("kept", [(), (":original",), (":original", "thumbnail")])
def test_completed_without_a_watermarked_video_is_no_video(kept: tuple[str, ...]) -> None:
    status: dict[str, Any] = completed_status(VIDEO)
    status["results"] = {step: status["results"][step] for step in kept}

    state = after(report_from(status))

    assert (state.status, state.error_message) == ("failed", UNREADABLE)
