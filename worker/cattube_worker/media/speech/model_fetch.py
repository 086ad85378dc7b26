"""Fetching of a model by its name, once, where the operator allows it."""

from __future__ import annotations

import logging
from pathlib import Path

from cattube_worker.media.errors import CommandFailed
from cattube_worker.media.process.fence import fence
from cattube_worker.media.process.fence.sandbox import ONLY_LIMITS
from cattube_worker.media.process.run import run
from cattube_worker.media.speech.model import SpeechModel
from cattube_worker.media.speech.python_program import python_program
from cattube_worker.media.workspace import Workspace

log = logging.getLogger(__name__)
_PROGRAM = Path(__file__).with_name("model_fetch_program.py")
_HOUR_SECONDS = 3600


def fetch(model: SpeechModel, workspace: Workspace) -> None:
    """Fetch the model into its folder, whole or not at all. Raises CommandFailed, CommandTimeout, Stopped."""
    # What came before a stop is gone on with.
    partial = model.folder / f".partial-{model.short_name}"
    partial.mkdir(mode=0o700, parents=True, exist_ok=True)
    result = run(
        fence.PYTHON,
        [*python_program(_PROGRAM, model.packages), model.name, str(partial)],
        sandbox=ONLY_LIMITS,
        limits=workspace.limits,
        timeout_seconds=_HOUR_SECONDS,
        stop=workspace.stop,
        room=workspace.room,
    )
    if result.exit_code != 0:
        log.error("the model %r could not be fetched: %s", model.name, result.errors[-2000:])
        raise CommandFailed(
            f'The model "{model.name}" could not be fetched. The log of the engine says why.', retryable=True
        )
    partial.rename(model.path)
