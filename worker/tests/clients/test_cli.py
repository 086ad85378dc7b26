"""The `transloadit` command, unmodified."""

from __future__ import annotations

import json
from pathlib import Path

from ..conftest import UPLOAD_ONLY
from ..server.conftest import Server
from .conftest import Cli

SMALL = {"small": {"robot": "/video/encode", "use": ":original", "preset": "web/mp4/240p", "result": True}}


def test_file_is_encoded_into_the_file_that_was_asked_for(cli: Cli, clip: Path) -> None:
    steps, made = cli.folder / "steps.json", cli.folder / "small.mp4"
    steps.write_text(json.dumps(SMALL))

    done = cli.run("assemblies", "create", "--steps", str(steps), "-i", str(clip), "-o", str(made))

    assert done.returncode == 0, done.stderr
    assert made.read_bytes()[4:8] == b"ftyp"


def test_unknown_template_ends_the_command_with_the_code(cli: Cli, clip: Path) -> None:
    done = cli.run("assemblies", "create", "-t", "0" * 32, "-i", str(clip), "-o", str(cli.folder / "x.mp4"))

    assert done.returncode != 0
    assert "TEMPLATE_NOT_FOUND" in done.stdout + done.stderr


def test_assembly_is_shown_and_cancelled(engine: Server, cli: Cli) -> None:
    assembly_id = engine.assembly()["assembly_id"]

    assert cli.json("assemblies", "get", assembly_id)["ok"] == "ASSEMBLY_UPLOADING"
    assert cli.run("assemblies", "delete", assembly_id).returncode == 0
    assert cli.json("assemblies", "get", assembly_id)["ok"] == "ASSEMBLY_CANCELED"


def test_file_is_sent_to_an_assembly_that_waits_for_it(engine: Server, cli: Cli, letter: Path) -> None:
    assembly = engine.assembly()

    done = cli.run(
        "upload", str(letter), "--create-upload-endpoint", assembly["tus_url"],
        "--assembly", assembly["assembly_ssl_url"], "--field", "mail",
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    upload = engine.wait_for_end(assembly)["uploads"][0]
    assert (upload["field"], upload["size"]) == ("mail", letter.stat().st_size)


def test_template_is_made_listed_and_deleted(cli: Cli) -> None:
    content = cli.folder / "template.json"
    content.write_text(json.dumps(UPLOAD_ONLY))

    made = cli.json("templates", "create", "cats-of-the-cli", str(content))

    assert cli.json("templates", "get", made["id"])["content"] == {"steps": UPLOAD_ONLY}
    assert cli.run("templates", "delete", made["id"]).returncode == 0
    assert "TEMPLATE_NOT_FOUND" in cli.run("templates", "get", made["id"]).stderr
