"""Who is encoded early, and who gets what was made."""

from __future__ import annotations

import threading
from pathlib import Path
from threading import Event

import pytest

from cattube_worker.execution.steps.prepared_output import PreparedOutput
from cattube_worker.execution.streaming.offers import MIN_UPLOAD_BYTES, StreamingEncode, StreamingEncodes
from cattube_worker.media.inspect.metadata import VideoFacts
from cattube_worker.media.process.run import Stopped

PICTURE = VideoFacts(width=2, height=2, duration_seconds=1)
READY = PreparedOutput(folder=Path("/gift"), md5hash="0", picture=PICTURE, fingerprints=(), paths={})


@pytest.fixture
def early() -> StreamingEncodes:
    return StreamingEncodes()


def encode_in(folder: Path) -> StreamingEncode:
    return StreamingEncode(node="film", folder=folder, progress=lambda: 0.5)


def offer(early: StreamingEncodes, *uploads: str) -> None:
    for upload in uploads:
        early.offer(upload, MIN_UPLOAD_BYTES)


def ready(early: StreamingEncodes, upload: str, node: str = "film") -> PreparedOutput | None:
    return early.result(upload, node, report=lambda share: None, stop=Event())


def test_the_upload_that_waits_longest_comes_first_and_only_once(early: StreamingEncodes) -> None:
    offer(early, "a", "b", "a")

    assert [early.take(), early.take(), early.take()] == ["a", "b", None]


def test_a_small_upload_is_not_worth_it(early: StreamingEncodes) -> None:
    early.offer("a", MIN_UPLOAD_BYTES - 1)

    assert not early.has_offers()


def test_offers_that_nobody_takes_do_not_pile_up(early: StreamingEncodes) -> None:
    offer(early, *(str(number) for number in range(5000)))

    assert early.take() == "4000"


def test_an_upload_is_not_encoded_twice(early: StreamingEncodes, tmp_path: Path) -> None:
    offer(early, "a")
    with early.keep("a", encode_in(tmp_path)):
        offer(early, "a")

    offer(early, "a")

    assert not early.has_offers()


def test_an_upload_that_stalled_may_be_offered_again(early: StreamingEncodes, tmp_path: Path) -> None:
    with early.keep("a", encode_in(tmp_path)):
        pass
    early.forget("a")

    offer(early, "a")

    assert early.take() == "a"


def test_what_was_made_is_given_to_its_node_once(early: StreamingEncodes, tmp_path: Path) -> None:
    encode = encode_in(tmp_path)
    with early.keep("a", encode):
        encode.output = READY

    assert ready(early, "a", "another node") is None
    assert ready(early, "b") is None
    assert ready(early, "a") is READY
    assert ready(early, "a") is None


def test_a_job_waits_for_the_end_and_tells_how_far_it_is(early: StreamingEncodes, tmp_path: Path) -> None:
    encode, begun, told = encode_in(tmp_path), Event(), Event()
    shares: list[float] = []

    def work() -> None:
        with early.keep("a", encode):
            begun.set()
            told.wait(30)
            encode.output = READY

    def report(share: float) -> None:
        shares.append(share)
        told.set()

    worker = threading.Thread(target=work)
    worker.start()
    begun.wait(30)

    assert early.result("a", "film", report=report, stop=Event()) is READY

    worker.join()
    assert shares[0] == 0.5


def test_a_job_that_is_stopped_does_not_wait(early: StreamingEncodes, tmp_path: Path) -> None:
    stop = Event()
    stop.set()

    with early.keep("a", encode_in(tmp_path)), pytest.raises(Stopped):
        early.result("a", "film", report=lambda share: None, stop=stop)


def test_a_whole_upload_is_not_begun_any_more(early: StreamingEncodes) -> None:
    offer(early, "a")

    assert ready(early, "a") is None

    assert not early.has_offers()


def test_what_nobody_took_is_forgotten_with_its_assembly(early: StreamingEncodes, tmp_path: Path) -> None:
    of_assembly = tmp_path / "assembly"
    of_assembly.mkdir()
    with early.keep("a", encode_in(of_assembly / "early")):
        pass

    of_assembly.rmdir()
    with early.keep("b", encode_in(tmp_path / "early")):
        pass

    assert not early.knows("a")
    assert early.knows("b")
