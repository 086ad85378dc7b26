"""Files that ffmpeg says it has cut a video into: only those are taken that lie where it writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from cattube_worker.media.errors import CommandFailed
from cattube_worker.robots.shared.input_files import InputFile
from cattube_worker.robots.video_adaptive import renditions
from cattube_worker.robots.video_adaptive.renditions import RenditionInput, segments_of, written_text

VIDEO = InputFile(path=Path("cat.mp4"), name="cat.mp4", basename="cat")
SOURCE = RenditionInput(name="cat", file=VIDEO, origin=VIDEO)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a packaged video with one segment, beside the secrets of somebody else."""
    folder = tmp_path / "job"
    (folder / "deeper").mkdir(parents=True)
    (tmp_path / "secrets.env").write_text("SECRET=meow")
    (folder / "deeper" / "0.ts").write_text("foreign")
    (folder / "link.ts").symlink_to(tmp_path / "secrets.env")
    (folder / "0.ts").write_text("meow")
    return folder


def playlist(folder: Path, *names: str) -> Path:
    path = folder / "cat.m3u8"
    path.write_text("#EXTM3U\n" + "".join(f"#EXTINF:2.0,\n{name}\n" for name in names))
    return path


def test_segments_beside_the_playlist_are_taken(folder: Path) -> None:
    (segment,) = segments_of(playlist(folder, "0.ts"), SOURCE)

    assert (segment.uri, segment.size_bytes) == ("0.ts", 4)


@pytest.mark.parametrize(
    "name", ["../secrets.env", "{folder}/../secrets.env", "link.ts", "deeper/0.ts", ".."]
)
def test_m46_playlist_that_names_what_lies_elsewhere_is_refused(folder: Path, name: str) -> None:
    """M46: the engine, which stores what is named, is in no sandbox."""
    path = playlist(folder, "0.ts", name.format(folder=folder))

    with pytest.raises(CommandFailed):
        segments_of(path, SOURCE)


def test_m46_playlist_that_is_a_link_is_not_followed(folder: Path) -> None:
    """M46"""
    (folder / "cat.m3u8").symlink_to(folder.parent / "secrets.env")

    with pytest.raises(CommandFailed):
        written_text(folder / "cat.m3u8", SOURCE)


def test_m46_playlist_without_end_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """M46: it would take all memory."""
    monkeypatch.setattr(renditions, "MAX_TEXT_BYTES", 10)

    with pytest.raises(CommandFailed):
        segments_of(playlist(folder, "0.ts"), SOURCE)
