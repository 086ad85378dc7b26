"""Is the engine there, and what is it short of."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable

from flask import Blueprint, Response, jsonify

from cattube_worker.engine import Engine
from cattube_worker.errors import AssemblyError
from cattube_worker.media.process.encoders import check_encoders
from cattube_worker.routes import current_engine

blueprint = Blueprint("health", __name__)


@blueprint.get("/")
def show_root() -> Response:
    return jsonify(ok="SERVER_ROOT", hostname=socket.gethostname())


@blueprint.get("/healthz")
def show_health() -> Response:
    """200 whenever the engine answers; `degraded` names what does not work, with the reason."""
    engine = current_engine()
    checks = {"database": _database, "ffmpeg": _ffmpeg, "bucket": _bucket, "disk": _disk}
    found = {name: check(engine) for name, check in checks.items()}
    degraded = {name: reason for name, reason in found.items() if reason}
    response = jsonify(ok=not degraded, degraded=degraded)
    response.headers["Cache-Control"] = "no-store"
    return response


def _database(engine: Engine) -> str | None:
    return _reason(engine.database.check)


def _ffmpeg(engine: Engine) -> str | None:
    return _reason(lambda: check_encoders(engine.tools))


def _bucket(engine: Engine) -> str | None:
    if engine.default_bucket is not None:
        return engine.default_bucket.reason()
    is_writable = os.access(engine.settings.bucket_dir, os.W_OK)
    return None if is_writable else "The bucket folder cannot be written to."


def _disk(engine: Engine) -> str | None:
    return _reason(lambda: engine.upload_files.check_room(0))


def _reason(check: Callable[[], object]) -> str | None:
    try:
        check()
    except AssemblyError as error:
        return str(error)
    return None
