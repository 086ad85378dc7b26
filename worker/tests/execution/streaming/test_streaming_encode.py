"""An upload is encoded while it arrives, and what comes of it is what would have come of the whole file."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from cattube_worker.assemblies.model import LOOKS
from cattube_worker.execution.runner import JobRunner
from cattube_worker.execution.steps import media
from cattube_worker.execution.streaming.runner import EarlyRunner
from cattube_worker.media.encode import render

from ...conftest import House, files_below, open_house, upload_metadata
from ...ffmpeg.conftest import Clip
from ...server.conftest import wait_until
from .conftest import STEPS, Movie, encoding, index_of, laid_out_anew, send_index

pytestmark = [pytest.mark.ffmpeg, pytest.mark.usefixtures("small_uploads_too")]


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were encoded when they were whole."""
    names: list[str] = []

    def noted(*arguments: Any, name: str, **more: Any) -> Any:
        names.append(name)
        return render.render(*arguments, name=name, **more)

    monkeypatch.setattr(media, "render", noted)
    return names


def begin(house: House, movie: bytes, filename: str = "cat.mp4") -> tuple[dict[str, Any], str]:
    """An assembly and its upload, the first byte of which is here, which is why it was offered."""
    assembly = house.assembly(steps=STEPS)
    upload = house.open_upload(assembly, len(movie), filename=filename)
    assert house.patch(upload, movie[:1]).status_code == 204
    return assembly, upload


def go_on(
    house: House,
    upload: str,
    movie: bytes,
    encoder: threading.Thread,
    *,
    start: int = 1,
    until: int | None = None,
) -> None:
    """The bytes from `start` on; the later half when it is being encoded."""
    half = start + (len(movie) - start) // 2
    assert house.patch(upload, movie[start:half], start).status_code == 204
    wait_until(lambda: house.engine.early.knows(id_of(upload)) or not encoder.is_alive())
    assert house.patch(upload, movie[half:until], half).status_code == 204


def id_of(upload: str) -> str:
    return upload.rpartition("/")[2]


def digests(house: House, status: Mapping[str, Any]) -> dict[str, str]:
    """The digest of each step's only result."""
    return {step: files[0]["md5hash"] for step, files in status["results"].items()}


def shapes(status: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    """What each step's only result is. Not its digest: ffmpeg does not decode all formats twice the same."""
    keys = ("width", "height", "duration", "num_audio_streams", "video_codec")
    return {
        step: (files[0]["name"], files[0]["mime"], *(files[0]["meta"].get(key) for key in keys))
        for step, files in status["results"].items()
    }


def encoded_whole(house: House, movie: bytes, filename: str = "cat.mp4") -> dict[str, Any]:
    """The status after the ordinary way."""
    assembly = house.assembly(steps=STEPS)
    house.upload(assembly, movie, filename=filename)
    house.engine.early.take()
    house.work()
    return house.status(assembly)


@pytest.mark.parametrize("name", ["index-first.mp4", "film.mkv"])
def test_upload_is_encoded_while_it_arrives(
    house: House, movie: Movie, rendered: list[str], name: str
) -> None:
    whole = encoded_whole(house, movie(name))
    assert rendered == ["cat.mp4"]

    assembly, upload = begin(house, movie(name))
    with encoding(house) as encoder:
        go_on(house, upload, movie(name), encoder)
    house.work()

    status = house.status(assembly)
    assert rendered == ["cat.mp4"]
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert digests(house, status) == digests(house, whole)
    assert status.keys() == whole.keys()


@pytest.mark.parametrize("name", ["index-last.mp4", "camera.mov"])
def test_upload_whose_index_was_sent_ahead_is_encoded_while_it_arrives(
    house: House, movie: Movie, rendered: list[str], name: str
) -> None:
    start, index = index_of(movie(name))
    assembly, upload = begin(house, movie(name))
    assert send_index(house, upload, index, start=start).status_code == 204
    with encoding(house) as encoder:
        go_on(house, upload, movie(name), encoder)
    house.work()

    status = house.status(assembly)
    assert rendered == []
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert digests(house, status) == digests(house, encoded_whole(house, movie(name)))


@pytest.mark.parametrize("share", [0.0001, 0.3, 0.7, 0.999])
def test_an_upload_that_stops_at_any_point_leaves_nothing_and_is_encoded_when_it_is_whole(
    house: House, movie: Movie, rendered: list[str], share: float
) -> None:
    """A dead upload never becomes a video (measured: ffmpeg ends well on half a file)."""
    content = movie("index-first.mp4")
    here = max(1, int(len(content) * share))
    assembly, upload = begin(house, content)
    with encoding(house, stall_seconds=1):
        house.patch(upload, content[1:here], 1)

    assert files_below(house.engine.settings.tmp_dir) == []
    assert house.status(assembly)["ok"] == "ASSEMBLY_UPLOADING"
    assert house.status(assembly)["results"] == {}

    assert house.patch(upload, content[here:], here).status_code == 204
    house.engine.early.take()
    house.work()
    assert house.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == ["cat.mp4"]


@pytest.mark.parametrize("here", [2, 1_300_000])
def test_an_upload_that_stalled_is_encoded_early_when_it_goes_on(
    house: House, movie: Movie, rendered: list[str], here: int
) -> None:
    content = movie("index-first.mp4")
    assembly, upload = begin(house, content)
    with encoding(house, stall_seconds=1):
        assert house.patch(upload, content[1:here], 1).status_code == 204
    assert house.patch(upload, content[here : here + 1], here).status_code == 204

    with encoding(house) as encoder:
        go_on(house, upload, content, encoder, start=here + 1)
    house.work()

    assert house.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == []


def test_a_pause_is_waited_out(house: House, movie: Movie, rendered: list[str]) -> None:
    content = movie("index-first.mp4")
    third = len(content) // 3
    assembly, upload = begin(house, content)
    with encoding(house):
        for start in range(1, len(content), third):
            threading.Event().wait(0.5)  # The network is gone for half of what is borne.
            assert house.patch(upload, content[start : start + third], start).status_code == 204
    house.work()

    assert house.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == []


@pytest.mark.parametrize("end", ["terminated", "cancelled", "stopped"])
def test_w20_an_end_from_outside_ends_the_encoder_and_leaves_nothing(
    house: House, movie: Movie, end: str
) -> None:
    content = movie("index-first.mp4")
    assembly, upload = begin(house, content)
    with encoding(house) as encoder:
        house.patch(upload, content[1 : len(content) // 2], 1)
        wait_until(lambda: house.engine.early.knows(id_of(upload)) or not encoder.is_alive())
        if end == "terminated":
            assert house.client.delete(upload, headers=house.tus).status_code == 204
        elif end == "cancelled":
            house.client.delete(f"/assemblies/{assembly['assembly_id']}")
        else:
            house.engine.running.stop_all()

    assert files_below(house.engine.settings.tmp_dir) == []


def test_bytes_that_were_taken_back_count_for_nothing(
    house: House, movie: Movie, rendered: list[str]
) -> None:
    """Early bytes that lie: seen, refused for their checksum, and sent anew as others."""
    content = movie("index-first.mp4")
    other = content[:-100] + bytes(100)
    assembly, upload = begin(house, content)
    with encoding(house) as encoder:
        go_on(house, upload, other, encoder, until=-1)
        path = house.engine.upload_files.path(id_of(upload))
        wait_until(lambda: path.stat().st_size == len(content) - 1)
        threading.Event().wait(0.3)  # The encoder has seen them, or will see the others: both are right.
        house.engine.upload_files.cut(id_of(upload), len(content) - 100)
        assert house.patch(upload, content[-100:], len(content) - 100).status_code == 204
    house.work()

    status = house.status(assembly)
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert digests(house, status) == digests(house, encoded_whole(house, content))


def test_another_index_than_the_one_that_comes_counts_for_nothing(
    house: House, movie: Movie, rendered: list[str]
) -> None:
    content = movie("index-last.mp4")
    start, index = index_of(content)
    shorter = bytearray(index)
    shorter[index.index(b"mvhd") + 20 + 4] ^= 1  # It is longer or shorter than it says.
    assembly, upload = begin(house, content)
    send_index(house, upload, bytes(shorter), start=start)
    with encoding(house) as encoder:
        go_on(house, upload, content, encoder)
    house.work()

    status = house.status(assembly)
    assert rendered == ["cat.mp4"]
    assert digests(house, status) == digests(house, encoded_whole(house, content))


def test_an_index_that_points_outside_of_the_file_counts_for_nothing(
    house: House, movie: Movie, rendered: list[str]
) -> None:
    content = movie("index-last.mp4")
    start, index = index_of(content)
    wrong = index.replace(index[index.index(b"stco") + 12 :][:4], b"\xff\xff\xff\xff")
    assembly, upload = begin(house, content)
    send_index(house, upload, wrong, start=start)
    with encoding(house) as encoder:
        go_on(house, upload, content, encoder)
    house.work()

    assert house.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == ["cat.mp4"]


@pytest.mark.parametrize("name", ["index-last.mp4", "fragments.mp4"])
def test_a_film_whose_first_bytes_tell_too_little_is_encoded_when_it_is_whole(
    house: House, movie: Movie, rendered: list[str], name: str
) -> None:
    assembly, upload = begin(house, movie(name))
    with encoding(house) as encoder:
        go_on(house, upload, movie(name), encoder)
    house.work()

    assert house.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == ["cat.mp4"]


def test_a_size_that_is_told_late_makes_no_difference(
    house: House, movie: Movie, rendered: list[str]
) -> None:
    """Upload-Defer-Length: nothing is known to wait for."""
    content = movie("index-first.mp4")
    assembly = house.assembly(steps=STEPS)
    metadata = upload_metadata(assembly["assembly_url"], filename="cat.mp4")
    headers = {**house.tus, "Upload-Defer-Length": "1", "Upload-Metadata": metadata}
    answer = house.client.post(urlsplit(assembly["tus_url"]).path, headers=headers)
    upload = urlsplit(answer.headers["Location"]).path
    assert house.patch(upload, content[:99]).status_code == 204
    assert not house.engine.early.has_offers()

    house.patch(upload, content[99:], 99, {"Upload-Length": str(len(content))})
    with encoding(house):
        pass
    house.work()

    assert house.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == ["cat.mp4"]


@pytest.mark.parametrize(
    ("order", "is_early"),
    [
        pytest.param(lambda track, chunk: track * 10_000 + chunk, True, id="sound-behind-the-pictures"),
        pytest.param(lambda track, chunk: -chunk, False, id="backwards"),
    ],
)
def test_pieces_out_of_order_are_kept_or_the_film_is_made_again(
    house: House, movie: Movie, rendered: list[str], order: Callable[[int, int], int], is_early: bool
) -> None:
    content = laid_out_anew(movie("index-last.mp4"), order)
    start, index = index_of(content)
    assembly, upload = begin(house, content)
    send_index(house, upload, index, start=start)
    with encoding(house) as encoder:
        go_on(house, upload, content, encoder)
    house.work()

    status = house.status(assembly)
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == ([] if is_early else ["cat.mp4"])
    assert digests(house, status) == digests(house, encoded_whole(house, content))


def test_f05_what_a_killed_worker_had_made_early_is_made_again(
    house: House, movie: Movie, rendered: list[str], tmp_path: Path
) -> None:
    content = movie("index-first.mp4")
    assembly, upload = begin(house, content)
    with encoding(house) as encoder:
        go_on(house, upload, content, encoder)
    house.engine.database.close()

    again = open_house(tmp_path, clock=house.clock)
    again.work()

    status = again.status(assembly)
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == ["cat.mp4"]
    assert files_below(again.engine.settings.tmp_dir) == []
    again.engine.database.close()


def test_a_file_made_early_that_is_gone_is_made_again(
    house: House, movie: Movie, rendered: list[str]
) -> None:
    content = movie("index-first.mp4")
    assembly, upload = begin(house, content)
    with encoding(house) as encoder:
        go_on(house, upload, content, encoder)
    for path in house.engine.settings.tmp_dir.rglob("made-1"):
        path.unlink()
    house.work()

    assert house.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == ["cat.mp4"]


def test_whole_files_come_first(house: House, movie: Movie) -> None:
    content = movie("index-first.mp4")
    house.upload(house.assembly(steps=STEPS), content, filename="first.mp4")
    house.engine.early.take()
    assert JobRunner(house.engine, queue=LOOKS).run_once()
    _, upload = begin(house, content)

    assert not EarlyRunner(house.engine).run_once()

    assert house.engine.early.take() == id_of(upload)


@pytest.mark.parametrize(
    ("name", "limits"),
    [
        pytest.param("huge-claim.mkv", {}, id="m08-huge-claim"),
        pytest.param("plain.mp4", {"max_pixels": 1000}, id="m08-many-pixels"),
        pytest.param("two-days.mkv", {}, id="m11-two-days"),
        pytest.param("silence.mkv", {"max_duration_seconds": 600}, id="m11-hours-of-silence"),
        pytest.param("plain.mp4", {"max_output_bytes": 20_000}, id="m11-output-too-long"),
        pytest.param("plain.mp4", {"max_streams": 1}, id="m13-many-streams"),
        pytest.param("cut-off.mp4", {}, id="m14-cut-off"),
        pytest.param("sound.m4a", {}, id="song"),
        pytest.param("variable.mp4", {}, id="m01-variable-rate"),
        pytest.param("rotated.mp4", {}, id="m01-rotated"),
        pytest.param("web.webm", {}, id="m01-webm"),
        pytest.param("one-frame-long-sound.mp4", {}, id="m01-one-frame"),
    ],
)
def test_an_odd_or_hostile_file_ends_as_it_does_when_it_is_whole(
    tmp_path: Path, clip: Clip, name: str, limits: dict[str, Any]
) -> None:
    house = open_house(tmp_path, job_attempts=1, **limits)
    content = clip(name).read_bytes()
    whole = encoded_whole(house, content, name)

    assembly, upload = begin(house, content, name)
    if b"moov" in content and content.index(b"moov") > content.index(b"mdat"):
        start, index = index_of(content)
        send_index(house, upload, index, start=start)
    with encoding(house) as encoder:
        go_on(house, upload, content, encoder)
    house.work()

    status = house.status(assembly)
    house.engine.database.close()
    assert status.get("ok") == whole.get("ok")
    assert status.get("error") == whole.get("error")
    assert status.get("message") == whole.get("message")
    assert shapes(status) == shapes(whole)
