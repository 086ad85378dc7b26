"""The state folder is for the user alone whose engine it is (D40)."""

from __future__ import annotations

import stat
from pathlib import Path

from .conftest import open_test_engine


def test_d40_state_folder_that_was_there_is_shut_to_other_users(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for folder in (data, data / "bucket", data / "uploads", data / "results"):
        folder.mkdir()
        folder.chmod(0o755)

    engine = open_test_engine(tmp_path)

    folders = [data, *(path for path in data.iterdir() if path.is_dir())]
    assert {folder.name for folder in folders} == {"data", "bucket", "uploads", "tmp", "streams", "results"}
    assert {oct(stat.S_IMODE(folder.stat().st_mode)) for folder in folders} == {"0o700"}
    engine.close()
