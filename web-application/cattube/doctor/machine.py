"""Checks of the machine that the site runs on: database, disk, and the folder in the place of a bucket."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from cattube.doctor.finding import Finding, failed, ok, warning
from cattube.version import VERSION

ENOUGH_DISK_BYTES = 1_000_000_000
PRODUCT, DATABASE, DISK, FOLDER = "CatTube", "Database", "Disk", "Bucket folder"
SAMPLE = b"cattube doctor"


def version() -> Iterator[Finding]:
    """Version of CatTube, for whoever reads the report."""
    yield ok(PRODUCT, f"Version {VERSION}.")


def check_database() -> Iterator[Finding]:
    """Check that the database answers and has the tables of this version."""
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


def check_disk() -> Iterator[Finding]:
    """Check that there is room for databases, uploads and temporary files."""
    free_bytes = shutil.disk_usage(settings.DATA_FOLDER).free
    sentence = f"{free_bytes / 1e9:.1f} GB are free in {settings.DATA_FOLDER}."
    if free_bytes < ENOUGH_DISK_BYTES:
        yield failed(DISK, sentence, "Free some space, or move CATTUBE_DATA to a larger disk.")
    elif free_bytes < settings.MAX_UPLOAD_BYTES:
        fix = "Free some space, or lower MAX_UPLOAD_BYTES."
        yield warning(DISK, f"{sentence} The largest upload allowed does not fit.", fix)
    else:
        yield ok(DISK, sentence)


def check_bucket_folder() -> Iterator[Finding]:
    """Check that files can be stored in the folder that is used without a bucket."""
    folder: Path = settings.BUCKET_FOLDER
    sample = folder / ".doctor"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        sample.write_bytes(SAMPLE)
        is_same = sample.read_bytes() == SAMPLE
        sample.unlink()
    except OSError as error:
        fix = f"Give the user that runs the site the right to write to {folder}."
        yield failed(FOLDER, f"Videos cannot be kept in {folder}: {error.strerror}.", fix)
        return
    if not is_same:
        yield failed(FOLDER, f"What is written to {folder} comes back changed.", "Check the disk.")
        return
    yield ok(FOLDER, f"Videos are kept in {folder}.")
