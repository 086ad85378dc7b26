"""The `transloadit` command, unmodified."""

from __future__ import annotations

import json
from pathlib import Path

from ..conftest import UPLOAD_ONLY
from ..server.conftest import Server
from .conftest import Cli, Receiver

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


def test_assembly_is_shown_and_cancelled(server: Server, cli: Cli) -> None:
    assembly_id = server.assembly()["assembly_id"]

    assert cli.json("assemblies", "get", assembly_id)["ok"] == "ASSEMBLY_UPLOADING"
    assert cli.run("assemblies", "delete", assembly_id).returncode == 0
    assert cli.json("assemblies", "get", assembly_id)["ok"] == "ASSEMBLY_CANCELED"


def test_file_is_sent_to_an_assembly_that_waits_for_it(server: Server, cli: Cli, letter: Path) -> None:
    assembly = server.assembly()

    done = cli.run(
        "upload", str(letter), "--create-upload-endpoint", assembly["tus_url"],
        "--assembly", assembly["assembly_ssl_url"], "--field", "mail",
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    upload = server.wait_for_end(assembly)["uploads"][0]
    assert (upload["field"], upload["size"]) == ("mail", letter.stat().st_size)


def test_template_is_made_listed_and_deleted(cli: Cli) -> None:
    content = cli.folder / "template.json"
    content.write_text(json.dumps(UPLOAD_ONLY))

    made = cli.json("templates", "create", "cats-of-the-cli", str(content))

    assert cli.json("templates", "get", made["id"])["content"] == {"steps": UPLOAD_ONLY}
    assert cli.run("templates", "delete", made["id"]).returncode == 0
    assert "TEMPLATE_NOT_FOUND" in cli.run("templates", "get", made["id"]).stderr


def test_assemblies_are_listed_and_replayed(server: Server, cli: Cli, receiver: Receiver) -> None:
    first = server.wait_for_end(server.assembly(expected=0, fields={"cat": "Murr of the list"}))
    changes = ("--field", "cat=Minka", "--notify-url", receiver.url)

    listed = cli.run("assemblies", "list", "--keywords", "Murr of the list", "--fields", "id")
    replayed = cli.run("assemblies", "replay", *changes, first["assembly_id"])

    assert listed.stdout.split() == [first["assembly_id"]]
    assert replayed.returncode == 0, replayed.stderr
    child = json.loads(receiver.next()["transloadit"])
    assert (child["parent_id"], child["fields"]) == (first["assembly_id"], {"cat": "Minka"})


def test_notification_is_sent_again_elsewhere(server: Server, cli: Cli, receiver: Receiver) -> None:
    ended = server.wait_for_end(server.assembly(expected=0))

    done = cli.run("assembly-notifications", "replay", "--notify-url", receiver.url, ended["assembly_id"])

    assert done.returncode == 0, done.stderr
    assert json.loads(receiver.next()["transloadit"])["assembly_id"] == ended["assembly_id"]


def test_bill_of_a_month_is_shown(cli: Cli) -> None:
    assert cli.json("bills", "get", "2026-01")["ok"] == "BILL_FOUND"


def test_templates_are_changed_and_listed(cli: Cli) -> None:
    content = cli.folder / "template.json"
    content.write_text(json.dumps(UPLOAD_ONLY))
    made = cli.json("templates", "create", "kittens-of-the-cli", str(content))
    content.write_text(json.dumps(SMALL))

    changed = cli.run("templates", "modify", "--name", "cats-grown-up", made["id"], str(content))
    own = cli.run("templates", "list", "--fields", "name")
    all_there_are = cli.run("templates", "list", "--fields", "name", "--include-builtin", "latest")

    assert changed.returncode == 0, changed.stderr
    assert cli.json("templates", "get", made["id"])["content"]["steps"] == SMALL
    assert "cats-grown-up" in own.stdout
    assert "cattube" not in own.stdout
    assert "cattube" in all_there_are.stdout


def test_t58_video_becomes_a_stream_by_the_builtin_template(cli: Cli, clip: Path) -> None:
    done = cli.run("video", "encode-hls", "--input", str(clip), "--output", str(cli.folder / "stream"))

    assert done.returncode == 0, done.stderr
    (playlist,) = (cli.folder / "stream").rglob("my_playlist.m3u8")
    assert playlist.read_text().count("#EXT-X-STREAM-INF") == 3


def test_template_files_of_a_folder_are_synchronised(cli: Cli) -> None:
    file = cli.folder / "templates" / "letters.json"
    file.parent.mkdir()
    file.write_text(json.dumps({"transloadit_template_id": "", "steps": UPLOAD_ONLY}))

    done = cli.run("templates", "sync", str(file.parent))

    assert done.returncode == 0, done.stderr
    number = json.loads(file.read_text())["transloadit_template_id"]
    assert cli.json("templates", "get", number)["content"]["steps"].keys() == UPLOAD_ONLY.keys()


def test_stills_are_made_by_the_command_for_them(cli: Cli, clip: Path) -> None:
    folder = cli.folder / "stills"

    done = cli.run("video", "thumbs", "-i", str(clip), "-o", str(folder), "--count", "2", "--format", "png")

    assert done.returncode == 0, done.stderr
    stills = [path for path in folder.rglob("*") if path.is_file()]
    assert [path.read_bytes()[:4] for path in stills] == [b"\x89PNG"] * 2


def test_w01_wrong_secret_ends_the_command_with_the_code(cli: Cli, letter: Path) -> None:
    cli.environment["TRANSLOADIT_SECRET"] = "another"
    steps = cli.folder / "steps.json"
    steps.write_text(json.dumps(UPLOAD_ONLY))

    done = cli.run(
        "assemblies", "create", "--steps", str(steps), "-i", str(letter), "-o", str(cli.folder / "x")
    )

    assert done.returncode != 0
    assert "INVALID_SIGNATURE" in done.stdout + done.stderr
