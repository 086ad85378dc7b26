"""Parameters of /speech/transcribe, as templates write them."""

from __future__ import annotations

from typing import Any

import pytest

from cattube_worker.instructions.plan import compile_plan
from cattube_worker.instructions.steps import StepError, read_steps

STEP = {"robot": "/speech/transcribe", "use": ":original"}


@pytest.mark.parametrize(
    "parameters",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"provider": "auto", "granularity": "list", "format": "webvtt"}, id="hosted-example"),
        pytest.param({"provider": "local", "source_language": "fr-FR"}, id="bcp-47"),
        pytest.param({"target_language": "french", "speaker_labels": False}, id="by-name"),
        pytest.param({"speaker_labels": "false", "max_speakers": "3"}, id="texts"),
        pytest.param({"source_language": "${fields.language}"}, id="variable"),
    ],
)
def test_template_of_the_hosted_service_is_taken(parameters: dict[str, Any]) -> None:
    read_steps({"transcribed": {**STEP, **parameters}})


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        pytest.param({"provider": "aws"}, 'there is no "aws" here.*use auto or local', id="provider"),
        pytest.param({"provider": "replicate"}, "use auto or local", id="service"),
        pytest.param({"source_language": "meow"}, '"meow" is no language', id="language"),
        pytest.param({"target_language": "xx-XX"}, 'name it as "fr-FR" or "french"', id="target"),
        pytest.param({"format": "vtt"}, "webvtt", id="format"),
        pytest.param({"granularity": "word"}, "'full' or 'list'", id="granularity"),
        pytest.param({"speaker_labels": True}, "does not tell speakers apart", id="speakers"),
    ],
)
def test_what_this_engine_cannot_do_is_refused_with_what_it_can(
    parameters: dict[str, Any], said: str
) -> None:
    with pytest.raises(StepError, match=said) as caught:
        read_steps({"transcribed": {**STEP, **parameters}})
    assert caught.value.code == "SPEECH_TRANSCRIBE_VALIDATION"
    assert caught.value.step == "transcribed"


@pytest.mark.parametrize("queue", [{}, {"queue": "batch"}])
def test_m97_no_video_waits_for_it_whatever_its_step_says(queue: dict[str, str]) -> None:
    """M97"""
    plan = compile_plan(read_steps({"transcribed": {**STEP, "result": True, **queue}}))

    assert plan.node("transcribed").is_batch
    assert plan.node("transcribed").recognises_speech
