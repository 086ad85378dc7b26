"""Files that come from a bucket."""

from __future__ import annotations

from typing import Any

import pytest

from ....conftest import TestEngine
from .conftest import from_store, imported


def shelve(engine: TestEngine, *keys: str) -> None:
    for key in keys:
        target = engine.settings.bucket_dir / key
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(key.encode())


@pytest.mark.parametrize(
    ("robot", "path", "parameters", "names"),
    [
        pytest.param("/s3/import", "a/one.txt", {}, ["one.txt"], id="one"),
        pytest.param("/s3/import", ["top.txt", "a/two.txt"], {}, ["top.txt", "two.txt"], id="several"),
        pytest.param("/s3/import", "a/", {}, ["one.txt", "two.txt"], id="folder"),
        pytest.param("/s3/import", "/", {}, ["top.txt"], id="direct-children-only"),
        pytest.param(
            "/backblaze/import", "/", {"recursive": True},
            ["three.txt", "one.txt", "two.txt", "top.txt"], id="all",
        ),
        pytest.param(
            "/s3/import", "/", {"recursive": True, "files_per_page": 3, "page_number": 2}, ["top.txt"],
            id="second-page",
        ),
        pytest.param(
            "/backblaze/import", "a/", {"start_file_name": "a/one.txt"}, ["two.txt"], id="after-a-name"
        ),
    ],
)  # fmt: skip
def test_objects_are_imported_by_key_or_by_folder(
    engine: TestEngine, robot: str, path: object, parameters: dict[str, Any], names: list[str]
) -> None:
    shelve(engine, "a/one.txt", "a/two.txt", "a/b/three.txt", "top.txt")

    status = imported(engine, from_store(robot, path, **parameters))

    assert [file["name"] for file in status["results"]["imported"]] == names


def test_an_object_remembers_the_folder_it_came_from(engine: TestEngine) -> None:
    shelve(engine, "a/b/three.txt")

    status = imported(engine, from_store("/s3/import", "a/b/three.txt"))

    assert status["results"]["imported"][0]["original_path"] == "/a/b/"


@pytest.mark.parametrize(
    ("robot", "path", "code"),
    [
        ("/s3/import", "gone.txt", "S3_IMPORT_NOT_FOUND"),
        ("/s3/import", "gone/", "S3_IMPORT_NOT_FOUND"),
        ("/backblaze/import", "gone.txt", "BACKBLAZE_IMPORT_NOT_FOUND"),
        ("/s3/import", "../worker.sqlite3", "S3_IMPORT_VALIDATION"),
        ("/s3/import", "a/../../", "S3_IMPORT_VALIDATION"),
    ],
)
def test_t14_an_object_that_is_not_there_or_not_ours_is_refused(
    engine: TestEngine, robot: str, path: str, code: str
) -> None:
    assert imported(engine, from_store(robot, path))["error"] == code


def test_a_folder_of_more_files_than_allowed_is_not_imported(engine: TestEngine) -> None:
    shelve(engine, "a/one.txt", "a/two.txt")

    status = imported(engine, from_store("/s3/import", "a/"), auth={"max_number_of_files": 1})

    assert status["error"] == "MAX_NUMBER_OF_FILES_EXCEEDED"
