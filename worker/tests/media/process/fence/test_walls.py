"""The walls of the sandbox are tried, not believed."""

from __future__ import annotations

from pathlib import Path

import pytest

from cattube_worker.media.errors import SandboxMissing
from cattube_worker.media.process.fence import landlock, walls
from cattube_worker.media.process.fence.sandbox import ONLY_LIMITS, Sandbox, is_available
from cattube_worker.media.process.fence.walls import WALLS, Wall, open_walls
from cattube_worker.media.process.tools import Tools, check_sandbox


def test_m24_every_wall_that_a_sandbox_lacks_is_found(sandbox: Sandbox, tmp_path: Path) -> None:
    expected: dict[Sandbox, set[str]] = {
        ONLY_LIMITS: set(WALLS),
        ("landlock",): open_to_landlock(landlock.kernel_version()),
        ("seccomp",): {"read", "write"},
    }

    assert set(open_walls(sandbox, folder=tmp_path)) == expected.get(sandbox, set())
    assert list(tmp_path.iterdir()) == []


def open_to_landlock(version: int) -> set[str]:
    return {wall for wall, since in (("connect", 4), ("signal", 6)) if version < since}


def test_m24_state_folder_that_every_program_may_read_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when somebody keeps it below /usr/share."""
    if not is_available("landlock"):
        pytest.skip("this machine has no Landlock")
    monkeypatch.setitem(landlock._SYSTEM_RIGHTS, str(tmp_path), landlock.READ)

    assert open_walls(("landlock", "seccomp"), folder=tmp_path) == ("read",)


def test_m24_what_could_not_be_tried_does_not_count_as_holding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walls, "_ATTEMPTS", tmp_path / "nothing")

    assert open_walls(ONLY_LIMITS, folder=tmp_path) == WALLS


@pytest.mark.parametrize(
    ("open_", "words"),
    [
        (("signal",), "could make it signal other programs. Use"),
        (WALLS, "could make it read the files of the engine, .*, open connections and signal other programs"),
    ],
)
def test_m24_reason_says_what_a_hostile_video_could_do(open_: tuple[Wall, ...], words: str) -> None:
    tools = Tools(ffmpeg=Path("ffmpeg"), ffprobe=None, version="6.0", sandbox=(), open_walls=open_)

    with pytest.raises(SandboxMissing, match=words) as raised:
        check_sandbox(tools)

    assert raised.value.retryable
