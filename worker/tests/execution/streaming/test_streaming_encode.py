"""Streaming encodes: an upload is encoded while it arrives, with the output of the whole file."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from cattube_worker.assemblies.model import PROBE
from cattube_worker.execution.steps import frame_process
from cattube_worker.media.encode import render

from ...conftest import TestEngine, files_below, open_test_engine, upload_metadata
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
        return render.render_branches(*arguments, name=name, **more)

    monkeypatch.setattr(frame_process, "render_branches", noted)
    return names


def begin(engine: TestEngine, movie: bytes, filename: str = "cat.mp4") -> tuple[dict[str, Any], str]:
    """An assembly and its upload, which was offered with its first byte."""
    assembly = engine.assembly(steps=STEPS)
    upload = engine.open_upload(assembly, len(movie), filename=filename)
    assert engine.patch(upload, movie[:1]).status_code == 204
    return assembly, upload


def go_on(
    engine: TestEngine,
    upload: str,
    movie: bytes,
    encoder: threading.Thread,
    *,
    start: int = 1,
    until: int | None = None,
) -> None:
    """Send the bytes from `start` on; the later half when the upload is being encoded."""
    half = start + (len(movie) - start) // 2
    assert engine.patch(upload, movie[start:half], start).status_code == 204
    wait_until(lambda: engine.streaming.knows(id_of(upload)) or not encoder.is_alive())
    assert engine.patch(upload, movie[half:until], half).status_code == 204


def id_of(upload: str) -> str:
    return upload.rpartition("/")[2]


def packets(engine: TestEngine, status: Mapping[str, Any]) -> dict[str, str]:
    """The digests of the streams of each step's only result.

    Not of a whole film: the order of its packets differs between two runs of ffmpeg now and then.
    """
    results = {step: files[0] for step, files in status["results"].items()}
    return {
        step: stream_digests(engine.content(file)) if file["mime"] == "video/mp4" else file["md5hash"]
        for step, file in results.items()
    }


def stream_digests(film: bytes) -> str:
    command = ["ffmpeg", "-v", "error", "-i", "pipe:0", "-map", "0", "-c", "copy", "-f", "streamhash", "-"]
    return subprocess.run(command, input=film, check=True, capture_output=True).stdout.decode()


def shapes(status: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    """Properties of the only result of every step. Not its digest: decoding may differ from run to run."""
    keys = ("width", "height", "duration", "num_audio_streams", "video_codec")
    return {
        step: (files[0]["name"], files[0]["mime"], *(files[0]["meta"].get(key) for key in keys))
        for step, files in status["results"].items()
    }


def encoded_whole(engine: TestEngine, movie: bytes, filename: str = "cat.mp4") -> dict[str, Any]:
    """The status after an encode of the whole file."""
    assembly = engine.assembly(steps=STEPS)
    engine.upload(assembly, movie, filename=filename)
    engine.streaming.take()
    engine.work()
    return engine.status(assembly)


@pytest.mark.parametrize("name", ["index-first.mp4", "film.mkv"])
def test_upload_is_encoded_while_it_arrives(
    engine: TestEngine, movie: Movie, rendered: list[str], name: str
) -> None:
    whole = encoded_whole(engine, movie(name))
    assert rendered == ["cat.mp4"]

    assembly, upload = begin(engine, movie(name))
    with encoding(engine) as encoder:
        go_on(engine, upload, movie(name), encoder)
    engine.work()

    status = engine.status(assembly)
    assert rendered == ["cat.mp4"]
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert packets(engine, status) == packets(engine, whole)
    assert status.keys() == whole.keys()


@pytest.mark.parametrize("name", ["index-last.mp4", "camera.mov"])
def test_upload_whose_index_was_sent_ahead_is_encoded_while_it_arrives(
    engine: TestEngine, movie: Movie, rendered: list[str], name: str
) -> None:
    start, index = index_of(movie(name))
    assembly, upload = begin(engine, movie(name))
    assert send_index(engine, upload, index, start=start).status_code == 204
    with encoding(engine) as encoder:
        go_on(engine, upload, movie(name), encoder)
    engine.work()

    status = engine.status(assembly)
    assert rendered == []
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert packets(engine, status) == packets(engine, encoded_whole(engine, movie(name)))


@pytest.mark.parametrize("share", [0.0001, 0.3, 0.7, 0.999])
def test_an_upload_that_stops_at_any_point_leaves_nothing_and_is_encoded_when_it_is_whole(
    engine: TestEngine, movie: Movie, rendered: list[str], share: float
) -> None:
    """A dead upload never becomes a video (measured: ffmpeg ends well on half a file)."""
    content = movie("index-first.mp4")
    here = max(1, int(len(content) * share))
    assembly, upload = begin(engine, content)
    with encoding(engine, stall_seconds=1):
        engine.patch(upload, content[1:here], 1)

    assert files_below(engine.settings.tmp_dir) == []
    assert engine.status(assembly)["ok"] == "ASSEMBLY_UPLOADING"
    assert engine.status(assembly)["results"] == {}

    assert engine.patch(upload, content[here:], here).status_code == 204
    engine.streaming.take()
    engine.work()
    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == ["cat.mp4"]


@pytest.mark.parametrize("here", [2, 1_300_000])
def test_an_upload_that_stalled_is_encoded_early_when_it_goes_on(
    engine: TestEngine, movie: Movie, rendered: list[str], here: int
) -> None:
    content = movie("index-first.mp4")
    assembly, upload = begin(engine, content)
    with encoding(engine, stall_seconds=1):
        assert engine.patch(upload, content[1:here], 1).status_code == 204
    assert engine.patch(upload, content[here : here + 1], here).status_code == 204

    with encoding(engine) as encoder:
        go_on(engine, upload, content, encoder, start=here + 1)
    engine.work()

    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == []


def test_a_pause_is_waited_out(engine: TestEngine, movie: Movie, rendered: list[str]) -> None:
    content = movie("index-first.mp4")
    third = len(content) // 3
    assembly, upload = begin(engine, content)
    with encoding(engine):
        for start in range(1, len(content), third):
            threading.Event().wait(0.5)  # The network is gone for half of what is borne.
            assert engine.patch(upload, content[start : start + third], start).status_code == 204
    engine.work()

    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == []


@pytest.mark.parametrize("end", ["terminated", "cancelled", "stopped"])
def test_w20_an_end_from_outside_ends_the_encoder_and_leaves_nothing(
    engine: TestEngine, movie: Movie, end: str
) -> None:
    content = movie("index-first.mp4")
    assembly, upload = begin(engine, content)
    with encoding(engine) as encoder:
        engine.patch(upload, content[1 : len(content) // 2], 1)
        wait_until(lambda: engine.streaming.knows(id_of(upload)) or not encoder.is_alive())
        if end == "terminated":
            assert engine.client.delete(upload, headers=engine.tus).status_code == 204
        elif end == "cancelled":
            engine.client.delete(f"/assemblies/{assembly['assembly_id']}")
        else:
            engine.jobs.running.stop_all()

    assert files_below(engine.settings.tmp_dir) == []


def test_bytes_that_were_taken_back_count_for_nothing(
    engine: TestEngine, movie: Movie, rendered: list[str]
) -> None:
    """Bytes that were encoded, then refused for their checksum, and sent anew as others."""
    content = movie("index-first.mp4")
    other = content[:-100] + bytes(100)
    assembly, upload = begin(engine, content)
    with encoding(engine) as encoder:
        go_on(engine, upload, other, encoder, until=-1)
        path = engine.uploads.files.path(id_of(upload))
        wait_until(lambda: path.stat().st_size == len(content) - 1)
        threading.Event().wait(0.3)  # The encoder has seen them, or will see the others: both are right.
        engine.uploads.files.cut(id_of(upload), len(content) - 100)
        assert engine.patch(upload, content[-100:], len(content) - 100).status_code == 204
    engine.work()

    status = engine.status(assembly)
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert packets(engine, status) == packets(engine, encoded_whole(engine, content))


def test_another_index_than_the_one_that_comes_counts_for_nothing(
    engine: TestEngine, movie: Movie, rendered: list[str]
) -> None:
    content = movie("index-last.mp4")
    start, index = index_of(content)
    shorter = bytearray(index)
    shorter[index.index(b"mvhd") + 20 + 4] ^= 1  # It is longer or shorter than it says.
    assembly, upload = begin(engine, content)
    send_index(engine, upload, bytes(shorter), start=start)
    with encoding(engine) as encoder:
        go_on(engine, upload, content, encoder)
    engine.work()

    status = engine.status(assembly)
    assert rendered == ["cat.mp4"]
    assert packets(engine, status) == packets(engine, encoded_whole(engine, content))


def test_an_index_that_points_outside_of_the_file_counts_for_nothing(
    engine: TestEngine, movie: Movie, rendered: list[str]
) -> None:
    content = movie("index-last.mp4")
    start, index = index_of(content)
    wrong = index.replace(index[index.index(b"stco") + 12 :][:4], b"\xff\xff\xff\xff")
    assembly, upload = begin(engine, content)
    send_index(engine, upload, wrong, start=start)
    with encoding(engine) as encoder:
        go_on(engine, upload, content, encoder)
    engine.work()

    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == ["cat.mp4"]


@pytest.mark.parametrize("name", ["index-last.mp4", "fragments.mp4"])
def test_a_film_whose_first_bytes_tell_too_little_is_encoded_when_it_is_whole(
    engine: TestEngine, movie: Movie, rendered: list[str], name: str
) -> None:
    assembly, upload = begin(engine, movie(name))
    with encoding(engine) as encoder:
        go_on(engine, upload, movie(name), encoder)
    engine.work()

    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == ["cat.mp4"]


def test_a_size_that_is_told_late_makes_no_difference(
    engine: TestEngine, movie: Movie, rendered: list[str]
) -> None:
    """Upload-Defer-Length: the end to wait for is not known."""
    content = movie("index-first.mp4")
    assembly = engine.assembly(steps=STEPS)
    metadata = upload_metadata(assembly["assembly_url"], filename="cat.mp4")
    headers = {**engine.tus, "Upload-Defer-Length": "1", "Upload-Metadata": metadata}
    answer = engine.client.post(urlsplit(assembly["tus_url"]).path, headers=headers)
    upload = urlsplit(answer.headers["Location"]).path
    assert engine.patch(upload, content[:99]).status_code == 204
    assert not engine.streaming.has_offers()

    engine.patch(upload, content[99:], 99, {"Upload-Length": str(len(content))})
    with encoding(engine):
        pass
    engine.work()

    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == ["cat.mp4"]


@pytest.mark.parametrize(
    ("order", "is_early"),
    [
        pytest.param(lambda track, chunk: track * 10_000 + chunk, True, id="sound-behind-the-pictures"),
        pytest.param(lambda track, chunk: -chunk, False, id="backwards"),
    ],
)
def test_pieces_out_of_order_are_kept_or_the_film_is_made_again(
    engine: TestEngine, movie: Movie, rendered: list[str], order: Callable[[int, int], int], is_early: bool
) -> None:
    content = laid_out_anew(movie("index-last.mp4"), order)
    start, index = index_of(content)
    assembly, upload = begin(engine, content)
    send_index(engine, upload, index, start=start)
    with encoding(engine) as encoder:
        go_on(engine, upload, content, encoder)
    engine.work()

    status = engine.status(assembly)
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == ([] if is_early else ["cat.mp4"])
    assert packets(engine, status) == packets(engine, encoded_whole(engine, content))


def test_f05_what_a_killed_worker_had_made_early_is_made_again(
    engine: TestEngine, movie: Movie, rendered: list[str], tmp_path: Path
) -> None:
    content = movie("index-first.mp4")
    assembly, upload = begin(engine, content)
    with encoding(engine) as encoder:
        go_on(engine, upload, content, encoder)
    engine.close()

    again = open_test_engine(tmp_path, clock=engine.clock)
    again.work()

    status = again.status(assembly)
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == ["cat.mp4"]
    assert files_below(again.settings.tmp_dir) == []
    again.close()


def test_a_file_made_early_that_is_gone_is_made_again(
    engine: TestEngine, movie: Movie, rendered: list[str]
) -> None:
    content = movie("index-first.mp4")
    assembly, upload = begin(engine, content)
    with encoding(engine) as encoder:
        go_on(engine, upload, content, encoder)
    for path in engine.settings.tmp_dir.rglob("made-1"):
        path.unlink()
    engine.work()

    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert rendered == ["cat.mp4"]


def test_whole_files_come_first(engine: TestEngine, movie: Movie) -> None:
    content = movie("index-first.mp4")
    engine.upload(engine.assembly(steps=STEPS), content, filename="first.mp4")
    engine.streaming.take()
    assert engine.runner(PROBE).run_once()
    _, upload = begin(engine, content)

    assert not engine.parts.work.streaming_runner().run_once()

    assert engine.streaming.take() == id_of(upload)


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
        pytest.param("two-sounds.mkv", {}, id="m51-two-sounds"),
        pytest.param("long-sound.mkv", {}, id="m53-long-sound"),
        pytest.param("rgb.mkv", {}, id="m54-rgb"),
    ],
)
def test_an_odd_or_hostile_file_ends_as_it_does_when_it_is_whole(
    tmp_path: Path, clip: Clip, name: str, limits: dict[str, Any]
) -> None:
    engine = open_test_engine(tmp_path, job_attempts=1, **limits)
    content = clip(name).read_bytes()
    whole = encoded_whole(engine, content, name)

    assembly, upload = begin(engine, content, name)
    if b"moov" in content and content.index(b"moov") > content.index(b"mdat"):
        start, index = index_of(content)
        send_index(engine, upload, index, start=start)
    with encoding(engine) as encoder:
        go_on(engine, upload, content, encoder)
    engine.work()

    status = engine.status(assembly)
    engine.close()
    assert status.get("ok") == whole.get("ok")
    assert status.get("error") == whole.get("error")
    assert status.get("message") == whole.get("message")
    assert shapes(status) == shapes(whole)
