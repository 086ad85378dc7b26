from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cattube_worker.media.errors import ToolsMissing
from cattube_worker.media.process.tools import find_tools


@pytest.fixture
def without_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)


def fake(folder: Path, version: str) -> Path:
    path = folder / "ffmpeg"
    path.write_text(f'#!/bin/sh\necho "ffmpeg version {version} Copyright (c) the developers"\n')
    path.chmod(0o755)
    return path


def test_m21_without_ffmpeg_the_reason_says_what_to_install(tmp_path: Path, without_wheel: None) -> None:
    with pytest.raises(ToolsMissing, match="install the package ffmpeg, or pip install imageio-ffmpeg"):
        find_tools(str(tmp_path))


@pytest.mark.parametrize("version", ["4.4.2-0ubuntu0.22.04.1", "5.0", "n3.4"])
def test_m21_an_ffmpeg_too_old_for_our_options_is_refused(tmp_path: Path, version: str) -> None:
    fake(tmp_path, version)

    with pytest.raises(ToolsMissing, match="too old"):
        find_tools(str(tmp_path))


@pytest.mark.parametrize("version", ["5.1.9-0+deb12u1", "7.1", "n9.0.2", "N-113684-g1234567"])
def test_any_newer_ffmpeg_will_do(tmp_path: Path, version: str) -> None:
    path = fake(tmp_path, version)

    tools = find_tools(str(tmp_path))

    assert (tools.ffmpeg, tools.ffprobe, tools.version) == (path, None, version)


def test_a_program_called_ffmpeg_that_does_not_start_is_refused(tmp_path: Path) -> None:
    fake(tmp_path, "6.0").write_text("#!/bin/sh\nexit 127\n")

    with pytest.raises(ToolsMissing, match="does not start"):
        find_tools(str(tmp_path))


def test_ffprobe_counts_only_beside_its_ffmpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, "6.0")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    fake(elsewhere, "6.0").rename(elsewhere / "ffprobe")

    tools = find_tools(f"{tmp_path}:{elsewhere}")

    assert tools.ffprobe is None
