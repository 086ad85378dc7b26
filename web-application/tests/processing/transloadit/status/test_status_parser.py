import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from statuses import (
    ASSEMBLY_ID,
    completed_status,
    executing_status,
    failed_status,
    published_status,
    status_of,
    uploading_status,
)

from cattube.processing.transloadit.status.assembly_status import InvalidStatus, Phase
from cattube.processing.transloadit.status.status_parser import parse_status, parse_status_text
from cattube.videos.models import Video


@pytest.fixture
def video() -> Video:
    return Video(id="abcdefghijk", owner=User(username="alice"), title="Cat")


def test_video_and_attempt_come_from_the_signed_text_w11(video: Video) -> None:
    report = parse_status(
        status_of(video, attempt=3, ok="ASSEMBLY_EXECUTING", fields={"video": "another_one"})
    )

    assert (report.video_id, report.attempt) == ("abcdefghijk", 3)


def test_results_carry_keys_types_and_measures(video: Video) -> None:
    report = parse_status(completed_status(video))

    watermarked = next(result for result in report.results if result.role == "watermarked")
    assert report.phase is Phase.COMPLETED
    assert [result.role for result in report.results] == ["original", "resized", "watermarked", "thumbnail"]
    assert watermarked.object_key == f"watermarked/{ASSEMBLY_ID}/cat.mp4"
    assert (watermarked.content_type, watermarked.size_bytes) == ("video/mp4", 1024)
    assert (watermarked.width, watermarked.height, watermarked.duration_seconds) == (1280, 720, 12.5)


@pytest.mark.parametrize(
    ("received", "expected", "percent"),
    [(0, 0, 0), (0, 10, 0), (1, 3, 33), (10, 10, 100), (20, 10, 100), (-5, 10, 0), ("many", 10, 0)],
)
def test_percent_while_uploading_is_of_bytes(
    video: Video, received: Any, expected: Any, percent: int
) -> None:
    report = parse_status(uploading_status(video, received=received, expected=expected))

    assert (report.phase, report.percent) == (Phase.UPLOADING, percent)


@pytest.mark.parametrize(
    ("reported", "percent"),
    [(0, 0), (68.9, 68), (100, 100), (1e9, 100), (-1, 0), (None, 0), ("7", 0), (True, 0)],
)
def test_percent_while_executing_is_what_the_engine_tells(video: Video, reported: Any, percent: int) -> None:
    assert parse_status(executing_status(video, percent=reported)).percent == percent


def test_error_counts_even_beside_an_ok(video: Video) -> None:
    report = parse_status(failed_status(video, "VIDEO_ENCODE_VALIDATION", ok="ASSEMBLY_COMPLETED"))

    assert (report.phase, report.error_code) == (Phase.FAILED, "VIDEO_ENCODE_VALIDATION")


@pytest.mark.parametrize("error", [True, 7, {"a": 1}, "no code", "X" * 500])
def test_error_that_is_no_code_becomes_one(video: Video, error: Any) -> None:
    assert parse_status(failed_status(video, error)).error_code == "INTERNAL_COMMAND_ERROR"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"assembly_id": "../../x"}, id="assembly-id-is-a-path"),
        pytest.param({"assembly_id": None}, id="no-assembly-id"),
        pytest.param({"params": None}, id="no-params"),
        pytest.param({"params": "{"}, id="params-no-json"),
        pytest.param({"params": "[]"}, id="params-no-object"),
        pytest.param({"params": "{}"}, id="no-fields"),
        pytest.param({"params": '{"fields": {"video": "../../x", "attempt": 1}}'}, id="video-is-a-path"),
        pytest.param({"params": '{"fields": {"video": 7, "attempt": 1}}'}, id="video-is-a-number"),
        pytest.param({"params": '{"fields": {"video": "abcdefghijk"}}'}, id="no-attempt"),
        pytest.param(
            {"params": '{"fields": {"video": "abcdefghijk", "attempt": true}}'}, id="attempt-is-true"
        ),
        pytest.param({"params": '{"fields": {"video": "abcdefghijk", "attempt": 0}}'}, id="attempt-zero"),
        pytest.param({"params": '{"fields": {"video": "abcdefghijk", "attempt": 1e99}}'}, id="attempt-huge"),
        pytest.param({"params": "[" * 100_000}, id="deep"),
        pytest.param({"ok": "ASSEMBLY_DANCING"}, id="unknown-ok"),
        pytest.param({"ok": ["ASSEMBLY_COMPLETED"]}, id="ok-is-a-list"),
        pytest.param({"ok": None}, id="neither-ok-nor-error"),
    ],
)
def test_status_of_no_video_of_ours_is_a_bad_report_w08(video: Video, change: dict[str, Any]) -> None:
    with pytest.raises(InvalidStatus):
        parse_status({**completed_status(video), **change})


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", '"x"', "{", "NaN", '{"a": Infinity}', "[" * 100_000, '{"a":' * 100_000, "1" * 5000],
    ids=lambda text: text[:12] or "empty",
)
def test_text_that_is_no_status_is_a_bad_report_w08(text: str) -> None:
    with pytest.raises(InvalidStatus):
        parse_status_text(text)


@pytest.mark.parametrize(
    "results",
    [
        pytest.param(None, id="null"),
        pytest.param([], id="list"),
        pytest.param({"watermarked": None}, id="step-null"),
        pytest.param({"watermarked": [None, 7, "x", []]}, id="entries"),
        pytest.param({"watermarked": [{}]}, id="no-url"),
        pytest.param({"watermarked": [{"ssl_url": "javascript:alert(1)"}]}, id="script"),
        pytest.param(
            {"watermarked": [{"ssl_url": f"http://x/watermarked/{ASSEMBLY_ID}/../../x"}]}, id="parent"
        ),
        pytest.param({"watermarked": [{"ssl_url": "http://x/temporary/cat.mp4"}]}, id="temporary"),
    ],
)
def test_result_without_an_object_of_ours_is_left_out_w08(video: Video, results: Any) -> None:
    assert parse_status({**completed_status(video), "results": results}).results == ()


def test_result_with_odd_facts_keeps_its_key(video: Video) -> None:
    status = completed_status(video)
    status["results"]["watermarked"][0].update(
        mime=7, size="big", meta={"width": "x", "height": -3, "duration": 1e400}
    )

    result = next(result for result in parse_status(status).results if result.role == "watermarked")
    assert (result.content_type, result.size_bytes, result.width, result.height) == ("", None, None, None)
    assert result.duration_seconds is None


def test_thousands_of_results_are_cut_off_w08(video: Video) -> None:
    status = completed_status(video)
    status["results"]["watermarked"] *= 10_000

    assert len(parse_status(json.loads(json.dumps(status))).results) <= 200


def hls(*names: str) -> dict[str, Any]:
    urls = [f"https://bucket.example/hls/{ASSEMBLY_ID}/{name}" for name in names]
    return {"hls": [{"ssl_url": url, "size": 10, "mime": "application/x-mpegURL"} for url in urls]}


def test_playlist_gets_a_record_with_a_folder_and_its_pieces_get_none(video: Video) -> None:
    pieces = [f"720p/720p_{number}.ts" for number in range(500)]
    results = hls(*pieces, "720p/720p.m3u8", "playlist.m3u8")

    (result,) = parse_status(completed_status(video, results=results)).results

    assert result.object_key == f"hls/{ASSEMBLY_ID}/playlist.m3u8"
    assert result.folder == f"hls/{ASSEMBLY_ID}/"
    assert result.content_type == "application/vnd.apple.mpegurl"


def test_last_of_the_playlists_in_one_folder_is_the_one_to_open(video: Video) -> None:
    results = hls("init-0.mp4", "segment-0-1.m4s", "media_0.m3u8", "playlist.m3u8")

    (result,) = parse_status(completed_status(video, results=results)).results

    assert result.object_key == f"hls/{ASSEMBLY_ID}/playlist.m3u8"


def test_long_stream_does_not_crowd_out_what_the_pages_need(video: Video) -> None:
    """Hosted Transloadit lists each piece of a long stream, in an order of its own."""
    pieces = [f"720p/720p_{number}.m4s" for number in range(5000)]
    others = completed_status(video)["results"]
    results = {**hls(*pieces), **others, "more": hls(*pieces)["hls"]}

    whole = parse_status(completed_status(video, results={**results, **hls(*pieces, "playlist.m3u8")}))
    growing = parse_status(published_status(video, results=results))

    roles = {result.role: result.object_key for result in whole.results}
    assert {"original", "resized", "watermarked", "thumbnail"} < roles.keys()
    assert roles["hls"] == f"hls/{ASSEMBLY_ID}/playlist.m3u8"
    assert {"watermarked", "thumbnail"} < {result.role for result in growing.results}
    assert len(growing.results) == 200


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("http://127.0.0.1:5678/growing/ab/playlist.m3u8", True, id="address"),
        pytest.param("https://engine.example.org/growing/ab/playlist.m3u8?a=b", True, id="query"),
        pytest.param(f"http://127.0.0.1:5678/growing/{ASSEMBLY_ID}.m3u8", False, id="tells-the-assembly"),
        pytest.param("javascript:alert(1)", False, id="script"),
        pytest.param("//engine.example.org/a.m3u8", False, id="no-scheme"),
        pytest.param("http://engine.example.org/a b.m3u8", False, id="space"),
        pytest.param("http://engine.example.org/a\n.m3u8", False, id="line-break"),
        pytest.param("http://" + "x" * 3000, False, id="long"),
        pytest.param(["http://engine.example.org/"], False, id="list"),
        pytest.param(None, False, id="null"),
    ],
)
def test_growing_stream_is_a_web_address_that_tells_no_assembly_w08(
    video: Video, url: Any, expected: bool
) -> None:
    report = parse_status(uploading_status(video, growing_hls_url=url))

    # The permission in it is the engine's, and is another with each hour.
    assert report.growing_hls_url == (url.partition("?")[0] if expected else "")


def test_better_qualities_are_told_from_the_first_one(video: Video) -> None:
    assert parse_status(published_status(video)).phase is Phase.IMPROVING


def stored(use: Any, *, robot: str = "/s3/store") -> str:
    """Instructions with a step that stores the files of others."""
    names = [":original", "hls", *(use if isinstance(use, list) else [])]
    steps = {name: {"robot": "/upload/handle"} for name in names}
    return json.dumps({"steps": {**steps, "kept": {"robot": robot, "use": use}}})


@pytest.mark.parametrize(
    ("merged_params", "names"),
    [
        pytest.param(stored("hls"), ("hls",), id="one"),
        pytest.param(stored([":original", "hls"]), (":original", "hls"), id="several"),
        pytest.param(stored({"steps": [{"name": "hls", "as": "video"}]}), ("hls",), id="with-roles"),
        pytest.param(stored("hls", robot="/video/encode"), (), id="none"),
        pytest.param(json.dumps({"steps": {"kept": {"robot": "/s3/store"}}}), (), id="of-nothing"),
        pytest.param(json.dumps({"steps": None}), (), id="null"),
        pytest.param(json.dumps({"steps": [7, {}, "hls"]}), (), id="list"),
        pytest.param(stored([str(number) for number in range(9999)]), "many", id="many"),
        pytest.param("[" * 100_000, (), id="deep"),
        pytest.param("[]", (), id="no-object"),
        pytest.param({}, (), id="no-text"),
        pytest.param(None, (), id="nothing"),
    ],
)
def test_steps_that_are_stored_are_known_from_the_instructions_w08(
    video: Video, merged_params: Any, names: Any
) -> None:
    steps = parse_status(executing_status(video, merged_params=merged_params)).stored_steps

    assert len(steps) == 100 if names == "many" else steps == names
