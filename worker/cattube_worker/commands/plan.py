"""`flask plan TEMPLATE FILE`: what the engine would do with a file, without doing it."""

from __future__ import annotations

import json
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from flask import current_app
from flask.cli import with_appcontext

from cattube_worker.errors import AssemblyError

if TYPE_CHECKING:
    from cattube_worker.engine.engine import Engine
    from cattube_worker.instructions.assembly_file import AssemblyFile
    from cattube_worker.media.file_facts import FileFacts
    from cattube_worker.media.workspace import Workspace


@click.command("plan")
@click.argument("template")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
@with_appcontext
def plan_command(template: str, file: Path, as_json: bool) -> None:
    """Print what TEMPLATE, a name or a JSON file, makes of FILE, and with which ffmpeg commands."""
    from cattube_worker.commands.plan_view import plan_lines

    engine: Engine = current_app.extensions["engine"]
    try:
        document = _document(engine, _content(engine, template), file)
    except AssemblyError as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(document, indent=2) if as_json else "\n".join(plan_lines(document)))


def _content(engine: Engine, template: str) -> Any:
    """The instructions, with "steps" in them. Raises TemplateNotFound, ClickException."""
    from cattube_worker.assemblies.templates import stored_templates

    path = Path(template)
    if path.suffix == ".json" and path.is_file():
        try:
            return json.loads(path.read_text())
        except ValueError as error:
            raise click.ClickException(f"{template} is no JSON: {error}") from error
    with engine.database.read() as session:
        return stored_templates.find(session, engine.foundation.templates, template).content


def _document(engine: Engine, content: Any, file: Path) -> dict[str, Any]:
    from cattube_worker.commands.plan_view import SourceFile, plan_document
    from cattube_worker.execution.steps.dispatch import passes
    from cattube_worker.execution.steps.fetched_images import local_watermark
    from cattube_worker.execution.steps.frames import frames_of
    from cattube_worker.instructions.plan import compile_plan
    from cattube_worker.instructions.steps import read_steps
    from cattube_worker.instructions.variables import Scope
    from cattube_worker.media.encode.render import check_limits
    from cattube_worker.media.encode.stream_copy import copyable
    from cattube_worker.media.inspect.probe import describe
    from cattube_worker.media.inspect.video_facts import VideoFacts

    steps = read_steps(content.get("steps") if isinstance(content, dict) else None)
    file = file.resolve()
    resources = engine.files.resources
    facts = describe(file, name=file.name, tools=resources.tools, limits=resources.limits)
    video = VideoFacts.from_meta(facts.meta)
    if video is None:
        raise click.ClickException(f'"{file.name}" is not a video we can read.')
    check_limits(video, name=file.name, limits=resources.limits)
    with tempfile.TemporaryDirectory(dir=engine.settings.tmp_dir) as folder:
        workspace = _workspace(engine, Path(folder))
        watermarks = {
            step.name: watermark
            for index, step in enumerate(steps.values())
            if (watermark := local_watermark(step.params, Path(folder, f"mark-{index}"), workspace))
        }
        scope = Scope(assembly_id="", file=_uploaded(file, facts))
        source = SourceFile(
            path=file,
            frames=frames_of(video, copyable(facts.meta, mime=facts.mime), resources.tools),
            folder=Path(folder),
            watermarks=watermarks,
            passes=lambda step: passes(step, step.params, scope),
        )
        return plan_document(compile_plan(steps), source, limits=resources.limits)


def _workspace(engine: Engine, folder: Path) -> Workspace:
    from cattube_worker.media.workspace import Workspace

    resources = engine.files.resources
    return Workspace(
        folder=folder,
        tools=resources.tools,
        limits=resources.limits,
        report=lambda share: None,
        stop=threading.Event(),
        stores=resources.stores,
        import_hosts=engine.settings.import_hosts,
    )


def _uploaded(file: Path, facts: FileFacts) -> AssemblyFile:
    """The file as if it had been uploaded."""
    from cattube_worker.assemblies.uploads.original_file import original_file

    return original_file(file, facts, file_id="", name=file.name, field="file")
