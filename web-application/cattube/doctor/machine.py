"""The machine that the site runs on: database, disk, and the folder that stands in for a bucket."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from cattube.doctor.finding import Finding, failed, ok, warning

ENOUGH_DISK_BYTES = 1_000_000_000
DATABASE, DISK, FOLDER = "Database", "Disk", "Bucket folder"
PROBE = b"cattube doctor"


def database() -> Iterator[Finding]:
    """Whether the database answers and has the shape that this version expects."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error as error:
        reason = str(error).strip().splitlines()[0]
        yield failed(DATABASE, f"It cannot be used: {reason}.", "Start it, or correct DATABASE_URL.")
        return
    if missing:
        yield failed(
            DATABASE, f"It lacks {len(missing)} changes of this version.", "Run: python manage.py migrate"
        )
        return
    yield ok(DATABASE, f"{connection.display_name} answers and is up to date.")


def disk() -> Iterator[Finding]:
    """Whether there is room for databases, uploads and temporary files."""
    free_bytes = shutil.disk_usage(settings.DATA_FOLDER).free
    sentence = f"{free_bytes / 1e9:.1f} GB are free in {settings.DATA_FOLDER}."
    if free_bytes < ENOUGH_DISK_BYTES:
        yield failed(DISK, sentence, "Free some space, or move CATTUBE_DATA to a larger disk.")
    elif free_bytes < settings.MAX_UPLOAD_BYTES:
        fix = "Free some space, or lower MAX_UPLOAD_BYTES."
        yield warning(DISK, f"{sentence} The largest upload allowed does not fit.", fix)
    else:
        yield ok(DISK, sentence)


def bucket_folder() -> Iterator[Finding]:
    """Whether files can be kept in the folder that is used without a bucket."""
    folder: Path = settings.BUCKET_FOLDER
    probe = folder / ".doctor"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(PROBE)
        is_kept = probe.read_bytes() == PROBE
        probe.unlink()
    except OSError as error:
        fix = f"Give the user that runs the site the right to write to {folder}."
        yield failed(FOLDER, f"Videos cannot be kept in {folder}: {error.strerror}.", fix)
        return
    if not is_kept:
        yield failed(FOLDER, f"What is written to {folder} comes back changed.", "Check the disk.")
        return
    yield ok(FOLDER, f"Videos are kept in {folder}.")
