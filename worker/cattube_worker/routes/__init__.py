"""HTTP: parse, call the domain, answer."""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app

from cattube_worker.engine import Engine


def current_engine() -> Engine:
    """The engine behind the application that handles this request."""
    return cast(Engine, current_app.extensions["engine"])


def register_routes(app: Flask) -> None:
    """Give `app` every address the engine answers."""
    from cattube_worker.routes import (
        added_files,
        assemblies,
        cors,
        credentials,
        early_index,
        errors,
        events,
        files,
        health,
        notifications,
        streams,
        templates,
        tokens,
        uploads,
        usage,
        videos,
    )

    for module in (
        added_files,
        assemblies,
        credentials,
        early_index,
        events,
        files,
        health,
        notifications,
        streams,
        templates,
        tokens,
        uploads,
        usage,
        videos,
    ):
        app.register_blueprint(module.blueprint)
    errors.register(app)
    cors.register(app)
