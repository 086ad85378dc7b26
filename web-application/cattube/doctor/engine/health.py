"""Checks of what the engine tells of itself: ffmpeg, the sandbox, the recognition of speech."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cattube.doctor.finding import Finding, failed, ok, skipped, warning
from cattube.processing.transloadit.addresses import is_hosted
from cattube.processing.transloadit.client import EngineClient, EngineUnreachable

FFMPEG, SANDBOX, CAPTIONS = "ffmpeg", "Sandbox", "Captions"


def check_health(engine: EngineClient, address: str, *, is_public: bool) -> Iterator[Finding]:
    """Findings about what the engine tells of itself, which hosted Transloadit does not.

    is_public: strangers' files have to be expected.
    """
    if is_hosted(address):
        yield skipped(FFMPEG, "Hosted Transloadit brings its own.")
        return
    try:
        http_status, health = engine.request("GET", "/healthz")
    except EngineUnreachable:
        http_status, health = 0, {}
    if http_status != 200 or not isinstance(health.get("degraded"), dict):
        yield skipped(FFMPEG, "This engine does not tell how it is.")
        return
    degraded = dict(health["degraded"])
    reason = degraded.pop("ffmpeg", None)
    if reason:
        yield failed(FFMPEG, str(reason), "Install ffmpeg 5.1 or newer (Debian: apt install ffmpeg).")
    else:
        yield ok(FFMPEG, "The engine has ffmpeg with all encoders it needs.")
        yield _sandbox(health.get("sandbox"), str(degraded.pop("sandbox", "")), is_public=is_public)
    yield from _captions(health.get("captions"))
    degraded.pop("broker", None)  # the check of hosts says why
    for part, sentence in degraded.items():
        yield failed(f"Engine: {part}", str(sentence), "Look at the engine's log and settings.")


def _sandbox(sandbox: Any, reason: str, *, is_public: bool) -> Finding:
    """Finding about what fences ffmpeg in. reason: why that is too little for the engine, or ""."""
    layers, open_walls = _names(sandbox, "layers"), _names(sandbox, "open")
    if not layers:
        return skipped(SANDBOX, "This engine does not tell what fences ffmpeg in.")
    if not open_walls:
        return ok(SANDBOX, f"ffmpeg is fenced in by {', '.join(layers)}; every wall was tried and holds.")
    sentence = (
        f"ffmpeg is not fenced in (in force: {', '.join(layers)}). What a hostile video could do all the "
        f"same: {', '.join(open_walls)}."
    )
    problem = failed if is_public or reason else warning
    return problem(SANDBOX, sentence, "Use a Linux with Landlock and seccomp, or install bubblewrap.")


def _captions(captions: Any) -> Iterator[Finding]:
    """Finding about the recognition of speech, which an engine need not have; older ones tell nothing."""
    if not isinstance(captions, dict):
        return
    if missing := captions.get("missing"):
        yield skipped(CAPTIONS, str(missing))
    else:
        yield ok(CAPTIONS, f'The engine recognises speech, with the model "{captions.get("model")}".')


def _names(sandbox: Any, key: str) -> list[str]:
    names = sandbox.get(key) if isinstance(sandbox, dict) else None
    return [str(name) for name in names] if isinstance(names, list) else []
