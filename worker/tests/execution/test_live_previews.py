"""Links to live previews: the keys that find them, and the files they can reach."""

from __future__ import annotations

from pathlib import Path

import pytest

from cattube_worker.execution.previews.live_previews import LivePreviews

ASSEMBLY, OTHER = "a" * 32, "b" * 32


@pytest.fixture
def streams(tmp_path: Path) -> LivePreviews:
    (tmp_path / "streams").mkdir()
    (tmp_path / "tmp").mkdir()
    return LivePreviews(tmp_path / "streams", root=tmp_path / "tmp", secret="secret")


def grown(tmp_path: Path, name: str, *, playlist: str = "#EXTM3U") -> Path:
    folder = tmp_path / "tmp" / name
    folder.mkdir(parents=True)
    (folder / "live.m3u8").write_text(playlist)
    return folder


def key_of(streams: LivePreviews, assembly_id: str = ASSEMBLY) -> str:
    path = streams.path_of(assembly_id)
    assert path is not None
    return path.split("/")[2]


def read(streams: LivePreviews, key: str) -> str | None:
    return streams.playlist(key)


def test_a_stream_has_an_address_once_its_playlist_is_there(streams: LivePreviews, tmp_path: Path) -> None:
    folder = tmp_path / "tmp" / "job"
    folder.mkdir()
    streams.publish(ASSEMBLY, folder)
    before = streams.path_of(ASSEMBLY)

    (folder / "live.m3u8").write_text("#EXTM3U")

    assert before is None
    assert streams.path_of(ASSEMBLY) == f"/streams/{key_of(streams)}/live.m3u8"


def test_the_address_tells_of_no_assembly_and_is_another_under_another_secret(
    streams: LivePreviews, tmp_path: Path
) -> None:
    other = LivePreviews(tmp_path / "streams", root=tmp_path / "tmp", secret="another")
    for previews in (streams, other):
        previews.publish(ASSEMBLY, tmp_path / "tmp" / "job")
    grown(tmp_path, "job")

    assert ASSEMBLY not in str(streams.path_of(ASSEMBLY))
    assert key_of(streams) != key_of(other)
    assert streams.path_of(OTHER) is None


def test_a_second_attempt_takes_the_place_of_the_first(streams: LivePreviews, tmp_path: Path) -> None:
    streams.publish(ASSEMBLY, grown(tmp_path, "first", playlist="first"))
    key = key_of(streams)

    streams.publish(ASSEMBLY, grown(tmp_path, "second", playlist="second"))

    assert read(streams, key) == "second"
    assert len(list((tmp_path / "streams").iterdir())) == 1


def test_an_attempt_that_ends_takes_only_its_own_along(streams: LivePreviews, tmp_path: Path) -> None:
    first, second = grown(tmp_path, "job.1/made"), grown(tmp_path, "job.2/made")
    streams.publish(ASSEMBLY, first)
    streams.publish(ASSEMBLY, second)

    streams.withdraw(ASSEMBLY, below=first.parent)
    still = streams.path_of(ASSEMBLY)
    streams.withdraw(ASSEMBLY, below=second.parent)

    assert still is not None
    assert list((tmp_path / "streams").iterdir()) == []


def test_withdrawing_twice_is_withdrawing_once(streams: LivePreviews, tmp_path: Path) -> None:
    streams.publish(ASSEMBLY, grown(tmp_path, "job"))

    for _ in range(2):
        streams.withdraw(ASSEMBLY)
    streams.withdraw(ASSEMBLY, below=tmp_path)

    assert streams.path_of(ASSEMBLY) is None


@pytest.mark.parametrize(
    "name",
    [
        "../secret", "..", ".", "", "init.mp4/../../secret", "quick.m3u8", "watched", "q.m4s", "qq1.m4s",
        "/etc/passwd", "made-0", "live.m3u8.tmp",
        "0.m4s.tmp", "x.m4s", "-1.m4s", "٣.m4s", "0.m4s\n", "live.m3u8\0", "init.mp4 ", "LIVE.M3U8",
        "%2e%2e", "9" * 300 + ".m4s",
    ],
)  # fmt: skip
def test_t14_only_the_names_of_a_stream_are_found(streams: LivePreviews, tmp_path: Path, name: str) -> None:
    folder = grown(tmp_path, "job")
    for name in ("made-0", "quick.m3u8", "watched", "live.m3u8.tmp", "0.m4s.tmp", "x.m4s", "٣.m4s"):
        (folder / name).write_text("canary")
    (folder.parent / "secret").write_text("canary")
    streams.publish(ASSEMBLY, folder)

    assert streams.find(key_of(streams), name) is None


@pytest.mark.parametrize(
    ("quick_start", "begins_with"),
    [
        pytest.param(None, "0.m4s", id="none"),
        pytest.param("", None, id="may-still-come"),
        pytest.param("#EXTM3U\n#EXTINF:0.5,\nq0.m4s\n", "q0.m4s", id="has-come"),
    ],
)
def test_m61_what_a_stream_begins_with_is_decided_once(
    streams: LivePreviews, tmp_path: Path, quick_start: str | None, begins_with: str | None
) -> None:
    """M61: there is no stream as long as that may be the one or the other."""
    folder = grown(tmp_path, "job", playlist="#EXTM3U\n#EXTINF:0.5,\n0.m4s\n")
    streams.publish(ASSEMBLY, folder)
    key = key_of(streams)
    if quick_start is not None:
        (folder / "quick.m3u8").write_text(quick_start)

    playlist, path = streams.playlist(key), streams.path_of(ASSEMBLY)

    first = None if playlist is None else next(line for line in playlist.splitlines() if line[0] != "#")
    assert first == begins_with
    assert (path is None) == (begins_with is None)


def test_m62_a_quick_start_hears_that_somebody_watches(streams: LivePreviews, tmp_path: Path) -> None:
    """M62"""
    folder = grown(tmp_path, "job")
    (folder / "quick.m3u8").write_text("#EXTM3U\n#EXTINF:0.5,\nq0.m4s\n")
    streams.publish(ASSEMBLY, folder)
    before = (folder / "watched").exists()

    streams.path_of(ASSEMBLY)
    asked = (folder / "watched").exists()
    streams.playlist(key_of(streams))

    assert [before, asked, (folder / "watched").exists()] == [False, False, True]


@pytest.mark.parametrize("key", ["", ".", "..", "../tmp/job", "A" * 32, "0" * 32, "0" * 31, "٣" * 32])
def test_t14_only_a_key_opens_a_stream(streams: LivePreviews, tmp_path: Path, key: str) -> None:
    streams.publish(ASSEMBLY, grown(tmp_path, "job"))

    assert streams.find(key, "init.mp4") is None
    assert streams.playlist(key) is None


def test_t14_no_link_leads_out_of_the_folder_of_jobs(streams: LivePreviews, tmp_path: Path) -> None:
    folder = grown(tmp_path, "job")
    streams.publish(ASSEMBLY, folder)
    key = key_of(streams)
    (tmp_path / "secret").write_text("canary")
    (folder / "0.m4s").symlink_to(tmp_path / "secret")
    (folder / "1.m4s").mkdir()
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "init.mp4").write_text("canary")

    found = [streams.find(key, name) for name in ("0.m4s", "1.m4s", "init.mp4")]
    streams.publish(ASSEMBLY, outside)

    assert found == [None, None, None]
    assert streams.find(key, "init.mp4") is None
    assert streams.playlist(key) is None


def test_a_stream_that_cannot_be_shown_is_no_reason_to_fail(
    streams: LivePreviews, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = grown(tmp_path, "job")
    (tmp_path / "streams").rmdir()

    streams.publish(ASSEMBLY, folder)

    assert streams.path_of(ASSEMBLY) is None
    assert f"what grows of assembly {ASSEMBLY} cannot be watched" in caplog.text


def test_links_to_what_is_gone_are_swept_and_no_others(streams: LivePreviews, tmp_path: Path) -> None:
    streams.publish(ASSEMBLY, grown(tmp_path, "job"))
    streams.publish(OTHER, tmp_path / "tmp" / "gone")

    streams.sweep()

    assert len(list((tmp_path / "streams").iterdir())) == 1
    assert streams.path_of(ASSEMBLY) is not None
