"""`flask version`: the version of the engine."""

from __future__ import annotations

import click

from cattube_worker.version import VERSION


@click.command("version")
def version_command() -> None:
    """Print the version of CatTube's engine."""
    click.echo(f"CatTube {VERSION}")
