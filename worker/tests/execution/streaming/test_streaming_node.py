"""The nodes of a plan that a streaming encode can run."""

from __future__ import annotations

from typing import Any

import pytest

from cattube_worker.execution.streaming.streaming_node import streaming_node
from cattube_worker.instructions.plan import compile_plan
from cattube_worker.instructions.steps import read_steps

from .conftest import STEPS

ENCODE: dict[str, Any] = {"robot": "/video/encode", "use": ":original", "preset": "web/mp4/720p"}
THUMBS: dict[str, Any] = {"robot": "/video/thumbs", "use": ":original", "count": 1}
FILTER: dict[str, Any] = {"robot": "/file/filter", "use": ":original", "accepts": [["${file.size}", ">", 9]]}
STORE: dict[str, Any] = {"robot": "/backblaze/store", "use": ":original", "credentials": "cattube"}


@pytest.mark.parametrize(
    ("steps", "chosen"),
    [
        pytest.param(STEPS, "resized+watermarked+thumbnail+storyboard", id="the-template"),
        pytest.param({"film": ENCODE, "still": THUMBS}, "film+still", id="together"),
        pytest.param({"film": {**ENCODE, "user_meta": {"size": "${file.size}"}}}, "film", id="about-results"),
        pytest.param({"film": {**ENCODE, "width": "${file.meta.width}"}}, None, id="a-fact-of-the-file"),
        pytest.param({"small": FILTER, "film": {**ENCODE, "use": "small"}}, None, id="behind-a-filter"),
        pytest.param({"still": THUMBS}, None, id="stills-alone"),
        pytest.param({"kept": STORE}, None, id="no-media"),
        pytest.param(
            {"film": {**ENCODE, "use": {"steps": [{"name": ":original", "fields": "video"}]}}},
            "film",
            id="its-field",
        ),
        pytest.param(
            {"film": {**ENCODE, "use": {"steps": [{"name": ":original", "fields": "other"}]}}},
            None,
            id="another-field",
        ),
    ],
)
def test_the_node_that_can_begin(steps: dict[str, Any], chosen: str | None) -> None:
    read = read_steps({":original": {"robot": "/upload/handle"}, **steps})

    node = streaming_node(compile_plan(read), fieldname="video")

    assert (node and node.name) == chosen
