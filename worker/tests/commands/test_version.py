"""`flask version` on the command line."""

from __future__ import annotations

from cattube_worker.version import VERSION

from ..conftest import TestEngine


def test_the_version_is_printed(engine: TestEngine) -> None:
    result = engine.client.application.test_cli_runner().invoke(args=["version"])

    assert result.exit_code == 0
    assert result.output == f"CatTube {VERSION}\n"
