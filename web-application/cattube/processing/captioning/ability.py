"""Ability of the engine to make captions at all."""

import logging

from cattube.processing.transloadit.addresses import internal_address, is_hosted
from cattube.processing.transloadit.client import engine_client

log = logging.getLogger(__name__)


def can_transcribe() -> bool:
    """False while the engine names what it lacks. One that says nothing is tried.

    Raises EngineAway, EngineUnreachable.
    """
    if is_hosted(internal_address()):
        return True
    http_status, health = engine_client().request("GET", "/healthz")
    captions = health.get("captions") if http_status == 200 else None
    # Of several hosts, another than the one asked may do it.
    if not isinstance(captions, dict) or captions.get("elsewhere") or not captions.get("missing"):
        return True
    log.warning("Captions wait for the engine: %s", captions["missing"])
    return False
