"""`flask plan` over a real file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import TestEngine
    from tests.ffmpeg.conftest import Clip

pytestmark = pytest.mark.ffmpeg


def test_flask_plan_says_what_would_be_made_and_makes_nothing(engine: TestEngine, clip: Clip) -> None:
    path = clip("large.mp4")

    ended = engine.client.application.test_cli_runner().invoke(args=["plan", "cattube", str(path), "--json"])

    assert ended.exit_code == 0, ended.output
    nodes = {node["name"]: node for node in json.loads(ended.output)["nodes"]}
    first, ladder = nodes["resized+watermarked+thumbnail+storyboard"], nodes["1080p+480p+360p"]
    assert first["process"]["inputs"][0] == ladder["process"]["inputs"][0] == str(path)
    assert ladder["filters"] == ["over_720p", "over_480p", "over_360p"]
    assert nodes["exported"]["process"] is None
    assert not list(engine.settings.tmp_dir.iterdir())


def test_flask_plan_takes_a_file_for_a_template(engine: TestEngine, clip: Clip, tmp_path: Path) -> None:
    steps = {"small": {"robot": "/video/encode", "use": ":original", "width": 64, "height": 36}}
    (tmp_path / "small.json").write_text(json.dumps({"steps": steps}))

    ended = engine.client.application.test_cli_runner().invoke(
        args=["plan", str(tmp_path / "small.json"), str(clip("plain.mp4"))]
    )

    assert ended.output.startswith("1. small (of :original)\n   one ffmpeg process reads ")


@pytest.mark.parametrize(
    ("template", "name", "reason"),
    [
        pytest.param("cattube", "still.png", '"still.png" is not a video', id="no-video"),
        pytest.param("nobodys", "plain.mp4", "nobodys", id="no-such-template"),
    ],
)
def test_flask_plan_says_in_words_what_is_wrong(
    engine: TestEngine, clip: Clip, template: str, name: str, reason: str
) -> None:
    ended = engine.client.application.test_cli_runner().invoke(args=["plan", template, str(clip(name))])

    assert ended.exit_code == 1
    assert reason in ended.output
    assert "Traceback" not in ended.output
