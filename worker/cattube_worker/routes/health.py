"""The health of the engine, for monitors and load balancers."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify

from cattube_worker.database import Database
from cattube_worker.errors import AssemblyError
from cattube_worker.execution.announcements.consumer import AnnouncementConsumer
from cattube_worker.execution.broker_state import BrokerState
from cattube_worker.execution.jobs.jobs import Jobs
from cattube_worker.execution.resources import Resources
from cattube_worker.execution.uploads.uploads import Uploads
from cattube_worker.media.errors import ToolsMissing
from cattube_worker.media.process.encoders import check_encoders
from cattube_worker.media.process.tools import Tools, check_sandbox
from cattube_worker.routes.services import optional_service, service
from cattube_worker.settings import Settings
from cattube_worker.storage.default_bucket import DefaultBucket
from cattube_worker.version import VERSION

blueprint = Blueprint("health", __name__)


@blueprint.get("/")
def show_root() -> Response:
    return jsonify(ok="SERVER_ROOT", hostname=socket.gethostname())


@blueprint.get("/healthz")
def show_health() -> Response:
    """200 whenever the engine answers; `degraded` names what does not work, with the reason.

    `sandbox` names the layers around ffmpeg, and what a hostile file could do all the same. `captions` names
    the model that recognises speech, and says what is missing for that, and whether another host may do it.
    """
    checks = {
        "database": _database,
        "ffmpeg": _ffmpeg,
        "sandbox": _sandbox,
        "bucket": _bucket,
        "disk": _disk,
        "announcements": _announcements,
        "broker": _broker,
    }
    degraded = {name: reason for name, check in checks.items() if (reason := check())}
    response = jsonify(
        ok=not degraded,
        degraded=degraded,
        sandbox=_sandbox_view(),
        captions=_captions_view(),
        version=VERSION,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _database() -> str | None:
    return _reason(service(Database).check)


def _ffmpeg() -> str | None:
    return _reason(lambda: check_encoders(service(Resources).found_tools))


def _sandbox() -> str | None:
    """Reason why the sandbox will not do: a private site may work without one."""
    settings = service(Settings)
    is_public = settings.public_url.startswith("https://")
    tools = _tools()
    if tools is None or not (settings.require_sandbox or is_public):
        return None
    return _reason(lambda: check_sandbox(tools))


def _sandbox_view() -> dict[str, Any] | None:
    tools = _tools()
    return None if tools is None else {"layers": tools.layers, "open": tools.open_walls}


def _captions_view() -> dict[str, Any]:
    """What is missing is no failure: an engine need not make captions."""
    model = service(Resources).speech_model
    has_others = service(Jobs).reach.host is not None
    return {"model": model.short_name, "missing": _reason(model.check), "elsewhere": has_others}


def _tools() -> Tools | None:
    try:
        return service(Resources).found_tools
    except ToolsMissing:
        return None


def _bucket() -> str | None:
    bucket = optional_service(DefaultBucket)
    if bucket is not None:
        return bucket.reason()
    is_writable = os.access(service(Settings).bucket_dir, os.W_OK)
    return None if is_writable else "The bucket folder cannot be written to."


def _disk() -> str | None:
    return _reason(lambda: service(Uploads).files.room.check())


def _announcements() -> str | None:
    consumer = optional_service(AnnouncementConsumer)
    return consumer.reason() if consumer else None


def _broker() -> str | None:
    state = optional_service(BrokerState)
    return state.reason() if state else None


def _reason(check: Callable[[], object]) -> str | None:
    """The reason why `check` fails; None when it does not."""
    try:
        check()
    except AssemblyError as error:
        return str(error)
    return None
