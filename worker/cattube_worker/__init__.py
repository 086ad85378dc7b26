"""The engine: Transloadit's protocol over our own ffmpeg."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from cattube_worker.clock import Clock
    from cattube_worker.engine.engine import Engine
    from cattube_worker.settings import Settings


def create_app(settings: Settings | None = None, *, clock: Clock | None = None) -> Flask:
    """The engine as a Flask application, wired but at rest: its background starts with a server.

    settings: instead of those of the environment. clock: instead of the right one. Raises SettingsError.
    """
    from flask import Flask

    from cattube_worker.background.background import Background
    from cattube_worker.commands.plan import plan_command
    from cattube_worker.commands.version import version_command
    from cattube_worker.configuration import clock_of
    from cattube_worker.engine.engine import Engine
    from cattube_worker.routes import register_routes
    from cattube_worker.routes.converters import CONVERTERS
    from cattube_worker.routes.requests.client_address import SocketAddress
    from cattube_worker.routes.requests.multipart import MAX_PARTS, MAX_TEXT_BYTES
    from cattube_worker.settings import load_settings

    settings = settings or load_settings()
    log_to_stderr(settings.log_level)
    app = Flask(__name__, static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
    # Of all bodies but those that bring files: these are read by routes/requests/form.py and tus/.
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = MAX_TEXT_BYTES
    app.config["MAX_FORM_PARTS"] = MAX_PARTS
    app.url_map.converters.update(CONVERTERS)
    if settings.trusted_hosts:
        logging.getLogger(__name__).warning(
            "TRUSTED_HOSTS is an old name that counts for notifications alone and is going to be dropped: "
            "name receivers of notifications in NOTIFY_HOSTS, and hosts of imports in IMPORT_HOSTS"
        )
    engine = Engine(settings, clock or clock_of(settings))
    try:
        _check_bucket(engine)
    except BaseException:
        engine.database.close()
        raise
    app.extensions["engine"] = engine
    app.extensions["background"] = Background(engine)
    register_routes(app, engine.services)
    if settings.worker_socket:
        app.wsgi_app = SocketAddress(app.wsgi_app)  # type: ignore[method-assign]
    app.cli.add_command(plan_command)
    app.cli.add_command(version_command)
    return app


def start_background(app: Flask) -> None:
    """Have the engine work: process videos, deliver notifications, sweep."""
    app.extensions["background"].start()


def stop_background(app: Flask) -> None:
    """Have the engine rest again, at once; what was under way is given back."""
    app.extensions["background"].stop()


def _check_bucket(engine: Engine) -> None:
    """Refuse to start with a bucket that is not there or not ours; one that is away may come back."""
    from cattube_worker.settings import SettingsError
    from cattube_worker.storage import AccessDenied, BucketMissing, StoreError

    if engine.foundation.default_bucket is None:
        return
    try:
        engine.foundation.default_bucket.check()
    except BucketMissing as error:
        raise SettingsError(f"BUCKET_NAME={engine.settings.bucket_name}: {error}") from error
    except AccessDenied as error:
        raise SettingsError(f"B2_APPLICATION_KEY_ID, B2_APPLICATION_KEY: {error}") from error
    except StoreError as error:
        logging.getLogger(__name__).warning("the bucket does not work yet: %s", error)


def log_to_stderr(level: str, *, name: str = __name__) -> None:
    """Have the log of that name written to stderr, a line for each entry."""
    log = logging.getLogger(name)
    log.setLevel(level.upper())
    if not log.handlers:
        from cattube_worker.logs import OneLine

        handler = logging.StreamHandler()
        handler.setFormatter(OneLine("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        log.addHandler(handler)
