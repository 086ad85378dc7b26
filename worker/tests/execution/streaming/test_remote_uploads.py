"""An upload that one host receives, encoded by another while it arrives."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from cattube_worker.assemblies.model import PROBE, WORK
from cattube_worker.execution.jobs.claimable import Reach
from cattube_worker.execution.jobs.running_jobs import Need
from cattube_worker.execution.streaming import streaming_leases
from cattube_worker.execution.streaming.remote_uploads import OFFER_AGAIN_SECONDS, RemoteUploads
from cattube_worker.execution.streaming.runner import StreamingRunner
from cattube_worker.media.errors import CommandFailed

from ...conftest import TestEngine
from ...server.conftest import wait_until
from ..job_files.conftest import Hosts, hosts
from .conftest import STEPS, Movie, encoding, index_of, send_index

__all__ = ["hosts"]
pytestmark = pytest.mark.ffmpeg


@pytest.fixture(autouse=True)
def named(hosts: Hosts) -> None:
    """Let jobs be for one host alone, as with a broker."""
    for engine in (hosts.ingest, hosts.worker):
        object.__setattr__(engine.jobs, "reach", Reach(engine.settings.host_name))


def remote(engine: TestEngine) -> RemoteUploads:
    uploads = engine.parts.arrivals.remote_uploads
    assert uploads is not None
    return uploads


def begun(hosts: Hosts, movie: bytes) -> tuple[dict[str, Any], str]:
    """An assembly and its upload, of which the first half has come to the ingest host."""
    assembly = hosts.ingest.assembly(steps=STEPS)
    upload = hosts.ingest.open_upload(assembly, len(movie), filename="cat.mp4")
    assert hosts.ingest.patch(upload, movie[: len(movie) // 2]).status_code == 204
    return assembly, upload


def send_rest(
    hosts: Hosts,
    upload: str,
    movie: bytes,
    encoder: threading.Thread,
    before: Callable[[], None] = lambda: None,
) -> None:
    """Send the second half while the worker encodes the first."""
    upload_id = upload.rpartition("/")[2]
    wait_until(lambda: hosts.worker.streaming.knows(upload_id) or not encoder.is_alive())
    assert encoder.is_alive()
    before()
    half = len(movie) // 2
    assert hosts.ingest.patch(upload, movie[half:], half).status_code == 204


def encoded_meanwhile(hosts: Hosts, upload: str, movie: bytes) -> None:
    remote(hosts.worker).look()
    with encoding(hosts.worker) as encoder:
        send_rest(hosts, upload, movie, encoder)
    assert hosts.ingest.runner(PROBE).run_once()


@pytest.mark.parametrize("name", ["index-first.mp4", "film.mkv"])
def test_upload_is_encoded_by_another_host_while_it_arrives(
    hosts: Hosts, movie: Movie, rendered: list[str], name: str
) -> None:
    """F64: and its bytes cross the network once."""
    assembly, upload = begun(hosts, movie(name))

    encoded_meanwhile(hosts, upload, movie(name))
    ran_elsewhere = hosts.ingest.runner(WORK).run_once()
    hosts.work(hosts.worker)
    hosts.ingest.cleanup.tidy_ended()

    assert not ran_elsewhere, "the worker alone has the output"
    assert hosts.ingest.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == []
    assert hosts.door.sent_bytes < len(movie(name)) + 20_000, "the rest is answers that there is no more yet"
    (original,) = hosts.objects(":original/")
    assert hosts.content(original) == movie(name)


def test_index_that_was_sent_ahead_is_known_to_the_other_host(
    hosts: Hosts, movie: Movie, rendered: list[str]
) -> None:
    """F64"""
    content = movie("index-last.mp4")
    start, index = index_of(content)
    assembly, upload = begun(hosts, content)
    assert send_index(hosts.ingest, upload, index, start=start).status_code == 204

    encoded_meanwhile(hosts, upload, content)
    hosts.work(hosts.worker)

    assert hosts.ingest.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == []


def test_upload_is_looked_at_again_when_its_index_may_have_come(
    hosts: Hosts, movie: Movie, rendered: list[str]
) -> None:
    """F64"""
    content = movie("index-last.mp4")
    start, index = index_of(content)
    assembly, upload = begun(hosts, content)
    remote(hosts.worker).look()
    with encoding(hosts.worker):
        pass
    assert send_index(hosts.ingest, upload, index, start=start).status_code == 204

    hosts.worker.clock.advance(OFFER_AGAIN_SECONDS + 1)
    encoded_meanwhile(hosts, upload, content)
    hosts.work(hosts.worker)

    assert hosts.ingest.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == []


def test_any_host_encodes_the_file_when_the_one_that_followed_it_falls_silent(
    hosts: Hosts, movie: Movie, rendered: list[str]
) -> None:
    """F65"""
    assembly, upload = begun(hosts, movie("index-first.mp4"))
    encoded_meanwhile(hosts, upload, movie("index-first.mp4"))

    hosts.ingest.clock.advance(hosts.ingest.settings.job_lease_seconds + 1)
    remote(hosts.ingest).look()
    hosts.work(hosts.ingest)

    assert hosts.ingest.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == ["cat.mp4"]


def test_any_host_encodes_the_file_when_the_one_that_followed_it_failed(
    hosts: Hosts, movie: Movie, rendered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """F65: also when its job was to wait for the output already."""
    content = movie("index-first.mp4")
    assembly, upload = begun(hosts, content)
    probed = threading.Event()

    def fail(*_: object) -> None:
        assert probed.wait(120)
        raise CommandFailed("ffmpeg broke")

    monkeypatch.setattr(StreamingRunner, "_render", fail)
    remote(hosts.worker).look()
    with encoding(hosts.worker) as encoder:
        send_rest(hosts, upload, content, encoder)
        assert hosts.ingest.runner(PROBE).run_once()
        ran_elsewhere = hosts.ingest.runner(WORK).run_once()
        probed.set()

    hosts.work(hosts.ingest)

    assert not ran_elsewhere
    assert hosts.ingest.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == ["cat.mp4"]


def test_lease_is_kept_as_long_as_the_output_waits_for_its_job(hosts: Hosts, movie: Movie) -> None:
    """F65"""
    _, upload = begun(hosts, movie("index-first.mp4"))
    encoded_meanwhile(hosts, upload, movie("index-first.mp4"))

    for _ in range(3):
        hosts.worker.clock.advance(hosts.worker.settings.job_lease_seconds - 1)
        remote(hosts.worker).look()
        remote(hosts.ingest).look()

    assert not hosts.ingest.runner(WORK).run_once()
    assert hosts.worker.runner(WORK).run_once()


def test_upload_is_followed_by_one_host(hosts: Hosts, movie: Movie) -> None:
    """F66"""
    _, upload = begun(hosts, movie("index-first.mp4"))
    upload_id, now = upload.rpartition("/")[2], hosts.worker.clock()
    with hosts.worker.database.write() as session:
        assert streaming_leases.take(session, upload_id, host="third", node="x", lease_until=now + 15)

    remote(hosts.worker).look()

    assert not hosts.worker.streaming.has_offers()
    hosts.worker.clock.advance(16)
    remote(hosts.worker).look()
    remote(hosts.worker).look()
    assert hosts.worker.streaming.has_offers()


def test_upload_that_its_own_host_encodes_is_followed_by_no_other(hosts: Hosts, movie: Movie) -> None:
    """F66"""
    content = movie("index-first.mp4")
    _, upload = begun(hosts, content)
    with encoding(hosts.ingest) as encoder:
        wait_until(lambda: hosts.ingest.streaming.knows(upload.rpartition("/")[2]))
        assert encoder.is_alive()

        remote(hosts.worker).look()
        was_offered = hosts.worker.streaming.has_offers()
        assert hosts.ingest.patch(upload, content[len(content) // 2 :], len(content) // 2).status_code == 204

    assert not was_offered


@pytest.fixture
def takes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The uploads that a host took to encode them."""
    uploads: list[str] = []
    take = streaming_leases.take

    def noted(session: Any, upload_id: str, **more: Any) -> bool:
        uploads.append(upload_id)
        return take(session, upload_id, **more)

    monkeypatch.setattr(streaming_leases, "take", noted)
    return uploads


def look_later(hosts: Hosts) -> None:
    """Have the worker offer what arrives, and try to encode one of it."""
    hosts.worker.clock.advance(OFFER_AGAIN_SECONDS + 1)
    remote(hosts.worker).look()
    with encoding(hosts.worker, stall_seconds=1):
        pass


def test_f93_upload_that_is_announced_and_never_sent_holds_no_encoder(hosts: Hosts, takes: list[str]) -> None:
    """F93: anybody can announce thousands of them."""
    hosts.ingest.open_upload(hosts.ingest.assembly(steps=STEPS), 2**30, filename="cat.mp4")

    look_later(hosts)

    assert hosts.door.ranges == ["bytes=0-0"]
    assert takes == []


def test_f93_upload_that_stalled_is_taken_up_again_when_more_of_it_comes(
    hosts: Hosts, movie: Movie, takes: list[str]
) -> None:
    """F93"""
    content = movie("index-first.mp4")
    half = len(content) // 2
    _, upload = begun(hosts, content)

    look_later(hosts)
    look_later(hosts)
    taken_before = len(takes)
    assert hosts.ingest.patch(upload, content[half : half + 1000], half).status_code == 204
    look_later(hosts)

    assert (taken_before, len(takes)) == (1, 2)


def test_f93_batch_work_goes_on_until_an_upload_elsewhere_needs_the_processors(
    hosts: Hosts, movie: Movie, takes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """F93: its head has to be here."""
    content, awaited = movie("index-first.mp4"), []
    upload = hosts.ingest.open_upload(hosts.ingest.assembly(steps=STEPS), len(content), filename="cat.mp4")
    assert hosts.ingest.patch(upload, content[:16]).status_code == 204

    def fail(*_: object) -> None:
        awaited.append(hosts.worker.jobs.running.any_needs(Need.AWAITED))
        raise CommandFailed("seen enough")

    monkeypatch.setattr(StreamingRunner, "_render", fail)
    remote(hosts.worker).look()
    with encoding(hosts.worker) as encoder:
        wait_until(lambda: bool(takes) or not encoder.is_alive())
        awaited.append(hosts.worker.jobs.running.any_needs(Need.AWAITED))
        assert hosts.ingest.patch(upload, content[16 : len(content) // 2], 16).status_code == 204

    assert awaited == [False, True]


def test_f93_upload_that_was_tried_is_not_offered_again_at_once(hosts: Hosts, movie: Movie) -> None:
    """F93: a host that cannot use it would ask for it all the time."""
    _, upload = begun(hosts, movie("index-first.mp4"))
    upload_id, until = upload.rpartition("/")[2], hosts.worker.clock() + 60
    remote(hosts.worker).look()
    assert hosts.worker.streaming.take() == upload_id
    with hosts.worker.database.write() as session:
        assert streaming_leases.take(session, upload_id, host="third", node="x", lease_until=until)
    remote(hosts.worker).look()
    with hosts.worker.database.write() as session:
        streaming_leases.drop(session, upload_id, host="third")

    remote(hosts.worker).look()

    assert not hosts.worker.streaming.has_offers()


def test_f66_lease_that_was_just_taken_is_kept(hosts: Hosts, monkeypatch: pytest.MonkeyPatch) -> None:
    """F66: also when another thread looks through those of no use at that moment."""
    uploads = remote(hosts.worker)
    uploads._taken.add("old")

    def take_another(_self: RemoteUploads, upload_id: str) -> bool:
        uploads._taken.add("new")
        return upload_id == "new"

    monkeypatch.setattr(RemoteUploads, "_is_of_use", take_another)
    uploads.keep()

    assert uploads._taken == {"new"}
