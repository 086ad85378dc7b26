"""HTTP: parse, call the domain, answer."""

from __future__ import annotations

from flask import Flask

from cattube_worker.routes.services import Services, provide


def register_routes(app: Flask, services: Services) -> None:
    """Give `app` every address the engine answers."""
    from cattube_worker.routes import (
        assemblies,
        cors,
        errors,
        events,
        files,
        health,
        held_uploads,
        large_answers,
        live_previews,
        notifications,
        videos,
    )
    from cattube_worker.routes.account import (
        assembly_jobs,
        credentials,
        hosts,
        metrics,
        templates,
        tokens,
        usage,
    )
    from cattube_worker.routes.uploads import added_files, index, tus

    provide(app, services)
    for module in (
        added_files,
        assemblies,
        assembly_jobs,
        credentials,
        events,
        files,
        health,
        held_uploads,
        hosts,
        index,
        live_previews,
        metrics,
        notifications,
        templates,
        tokens,
        tus,
        usage,
        videos,
    ):
        app.register_blueprint(module.blueprint)
    errors.register(app)
    cors.register(app)
    # What is registered last comes first: a refusal gets the headers of CORS, too.
    large_answers.register(app)
