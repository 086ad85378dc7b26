"""Uploads that are offered for streaming encodes, and the output that a job gets."""

from __future__ import annotations

import threading
from pathlib import Path
from threading import Event

import pytest

from cattube_worker.execution.steps.prepared_output import PreparedOutput
from cattube_worker.execution.streaming.streaming_encodes import (
    MIN_UPLOAD_BYTES,
    StreamingEncode,
    StreamingEncodes,
)
from cattube_worker.media.inspect.video_facts import VideoFacts
from cattube_worker.media.process.run import Stopped

FACTS = VideoFacts(width=2, height=2, duration_seconds=1)
OUTPUT = PreparedOutput(folder=Path("/output"), md5hash="0", facts=FACTS, fingerprints=(), paths={})


@pytest.fixture
def streaming() -> StreamingEncodes:
    return StreamingEncodes()


def encode_in(folder: Path) -> StreamingEncode:
    return StreamingEncode(node="film", folder=folder, progress=lambda: 0.5)


def offer(streaming: StreamingEncodes, *uploads: str) -> None:
    for upload in uploads:
        streaming.offer(upload, MIN_UPLOAD_BYTES)


def result(streaming: StreamingEncodes, upload: str, node: str = "film") -> PreparedOutput | None:
    return streaming.result(upload, node, report=lambda share: None, stop=Event())


def test_the_upload_that_waits_longest_comes_first_and_only_once(streaming: StreamingEncodes) -> None:
    offer(streaming, "a", "b", "a")

    assert [streaming.take(), streaming.take(), streaming.take()] == ["a", "b", None]


def test_a_small_upload_is_not_worth_it(streaming: StreamingEncodes) -> None:
    streaming.offer("a", MIN_UPLOAD_BYTES - 1)

    assert not streaming.has_offers()


def test_offers_that_nobody_takes_do_not_pile_up(streaming: StreamingEncodes) -> None:
    offer(streaming, *(str(number) for number in range(5000)))

    assert streaming.take() == "4000"


def test_an_upload_is_not_encoded_twice(streaming: StreamingEncodes, tmp_path: Path) -> None:
    offer(streaming, "a")
    with streaming.keep("a", encode_in(tmp_path)):
        offer(streaming, "a")

    offer(streaming, "a")

    assert not streaming.has_offers()


def test_an_upload_that_stalled_may_be_offered_again(streaming: StreamingEncodes, tmp_path: Path) -> None:
    with streaming.keep("a", encode_in(tmp_path)):
        pass
    streaming.forget("a")

    offer(streaming, "a")

    assert streaming.take() == "a"


def test_what_was_made_is_given_to_its_node_once(streaming: StreamingEncodes, tmp_path: Path) -> None:
    encode = encode_in(tmp_path)
    with streaming.keep("a", encode):
        encode.output = OUTPUT

    assert result(streaming, "a", "another node") is None
    assert result(streaming, "b") is None
    assert result(streaming, "a") is OUTPUT
    assert result(streaming, "a") is None


def test_a_job_waits_for_the_end_and_reports_progress(streaming: StreamingEncodes, tmp_path: Path) -> None:
    encode, begun, reported = encode_in(tmp_path), Event(), Event()
    shares: list[float] = []

    def work() -> None:
        with streaming.keep("a", encode):
            begun.set()
            reported.wait(120)
            encode.output = OUTPUT

    def report(share: float) -> None:
        shares.append(share)
        reported.set()

    worker = threading.Thread(target=work)
    worker.start()
    begun.wait(120)

    assert streaming.result("a", "film", report=report, stop=Event()) is OUTPUT

    worker.join()
    assert shares[0] == 0.5


def test_a_job_that_is_stopped_does_not_wait(streaming: StreamingEncodes, tmp_path: Path) -> None:
    stop = Event()
    stop.set()

    with streaming.keep("a", encode_in(tmp_path)), pytest.raises(Stopped):
        streaming.result("a", "film", report=lambda share: None, stop=stop)


def test_a_whole_upload_is_not_begun_any_more(streaming: StreamingEncodes) -> None:
    offer(streaming, "a")

    assert result(streaming, "a") is None

    assert not streaming.has_offers()


def test_what_nobody_took_is_forgotten_with_its_assembly(streaming: StreamingEncodes, tmp_path: Path) -> None:
    encode = encode_in(tmp_path / "early.1")
    of_assembly = tmp_path / "assembly"
    of_assembly.mkdir()
    of_nobody = encode_in(of_assembly / "early.1")
    with streaming.keep("a", of_nobody):
        of_nobody.output = OUTPUT

    of_assembly.rmdir()
    with streaming.keep("b", encode):
        encode.output = OUTPUT

    assert not streaming.knows("a")
    assert streaming.knows("b")


def test_encode_that_failed_keeps_nothing_on_this_host(streaming: StreamingEncodes, tmp_path: Path) -> None:
    """F65: it has no output that a job could wait for, and is not tried a second time."""
    with streaming.keep("a", encode_in(tmp_path)):
        assert streaming.node_of("a") == "film"

    assert not streaming.knows("a")
    assert streaming.node_of("a") is None
    offer(streaming, "a")
    assert not streaming.has_offers()
