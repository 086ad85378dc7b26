"""The commands that the project promises, word for word, in a fresh virtual environment of each room."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from e2e.engine import KEY, SECRET, Engine
from e2e.media.clips import make_full_hd_clip
from e2e.running.processes import running, wait_for
from e2e.site import ROOT, clean_environment
from servers.processes import free_port


def fresh_environment(room: Path, folder: Path) -> Path:
    """The bin folder of a new virtual environment with `pip install -r requirements.txt` done in it."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    # What is never imported need not be compiled.
    pip = [str(folder / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    subprocess.run([*pip, "-r", "requirements.txt"], cwd=room, check=True)
    return folder / "bin"


def test_web_room_starts_by_its_own_commands(tmp_path: Path) -> None:
    room, port = ROOT / "web-application", free_port()
    bin_folder = fresh_environment(room, tmp_path / "venv")
    environment = clean_environment(
        CATTUBE_DATA=str(tmp_path / "data"),
        DJANGO_SUPERUSER_PASSWORD="chosen-by-the-person",
    )
    python = str(bin_folder / "python")

    for command in (
        ["migrate"],
        ["createsuperuser", "--noinput", "--username", "cat", "--email", "cat@example.test"],
        ["collectstatic", "--noinput"],
    ):
        subprocess.run([python, "manage.py", *command], cwd=room, env=environment, check=True)
    serve = [python, "manage.py", "runserver", f"127.0.0.1:{port}", "--noreload"]
    with running(serve, room, environment) as process:
        page = wait_for(f"http://127.0.0.1:{port}/", process)

    assert page.status_code == 200
    assert "CatTube" in page.text


def test_worker_room_processes_videos_by_its_own_command(tmp_path: Path) -> None:
    room, port = ROOT / "worker", free_port()
    bin_folder = fresh_environment(room, tmp_path / "venv")
    clip = make_full_hd_clip(tmp_path / "clip.mp4", seconds=2)
    environment = clean_environment(
        CATTUBE_DATA=str(tmp_path / "data"), TRANSLOADIT_KEY=KEY, TRANSLOADIT_SECRET=SECRET
    )

    serve = [str(bin_folder / "flask"), "run", "-h", "127.0.0.1", "-p", str(port)]
    with running(serve, room, environment) as process:
        engine = Engine(f"http://127.0.0.1:{port}", process.pid)
        assert wait_for(f"{engine.address}/healthz", process).status_code == 200
        created = engine.create_assembly({"template_id": "cattube"}, expected_files=1)
        engine.send(engine.create_upload(created, clip.name, clip.stat().st_size), clip)
        finished = engine.wait_until_finished(created)

    assert finished["results"]["watermarked"][0]["meta"]["height"] == 720
