"""W23: a status shows no secret."""

from __future__ import annotations

import json

import pytest

from cattube_worker.protocol.masking import MASK, without_secrets


@pytest.mark.parametrize("name", ["secret", "app_key", "session_token", "headers"])
def test_w23_secret_in_a_step_is_masked_and_the_rest_stays(name: str) -> None:
    step = {"robot": "/s3/store", "path": "a/b", name: "hunter2"}

    shown = without_secrets(json.dumps({"auth": {"key": "k"}, "steps": {"stored": step}}))

    assert shown is not None
    assert json.loads(shown) == {"auth": {"key": "k"}, "steps": {"stored": step | {name: MASK}}}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(None, id="nothing"),
        pytest.param('{"steps": {"a":  {"robot": "/file/filter"}}}', id="no-secret"),
        pytest.param('{"fields":  {"secret": "of a person"}}', id="a-field-is-no-step"),
        pytest.param('["secret"]', id="no-object"),
    ],
)
def test_text_without_secrets_is_not_changed(text: str | None) -> None:
    assert without_secrets(text) == text
