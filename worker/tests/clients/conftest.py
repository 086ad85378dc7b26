"""A running engine and the clients of others, as people install them, pointed at it."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from servers.bounded_process import killed_after
from transloadit.client import Transloadit

from ..conftest import SECRET
from ..ffmpeg.conftest import ffmpeg
from ..server.conftest import PATIENCE_SECONDS, Server, start

FOLDER = Path(__file__).parent
SECONDS_FOR_A_COMMAND = 240


class SdkError(Exception):
    """An error that the SDK threw, with its attributes."""

    def __init__(self, failure: dict[str, Any]) -> None:
        super().__init__(failure["message"])
        self.name: str = failure["name"]
        self.code: str | None = failure.get("code")
        self.assembly_id: str | None = failure.get("assemblyId")


@dataclass
class NodeSdk:
    """The `transloadit` package in a process of its own. It checks each answer against its own schemas."""

    process: subprocess.Popen[str]

    def call(self, method: str, *arguments: Any) -> Any:
        """The value that a method of the SDK's client resolves to. Raises SdkError with what it throws."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"method": method, "args": arguments}) + "\n")
        self.process.stdin.flush()
        with killed_after(self.process, SECONDS_FOR_A_COMMAND):
            line = self.process.stdout.readline()
        assert line, f"{method} was not answered, and the process has ended"
        answer = json.loads(line)
        if "failure" in answer:
            raise SdkError(answer["failure"])
        return answer["result"]


@dataclass
class Cli:
    """The `transloadit` command."""

    environment: dict[str, str]
    folder: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["node", str(FOLDER / "node_modules/transloadit/dist/cli.js"), *arguments]
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=SECONDS_FOR_A_COMMAND,
            check=False,
        )

    def json(self, *arguments: str) -> Any:
        """The output with --json of a command that must succeed."""
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@dataclass
class Receiver:
    """A site that takes notifications, by bare HTTP."""

    url: str
    notes: queue.Queue[dict[str, str]]

    def next(self) -> dict[str, str]:
        """The form fields of the next notification."""
        return self.notes.get(timeout=PATIENCE_SECONDS)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    notes: queue.Queue[dict[str, str]] = queue.Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            notes.put({name: values[0] for name, values in parse_qs(body).items()})
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Receiver(f"http://127.0.0.1:{server.server_port}/notifications", notes)
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, status_record: Path) -> Iterator[Server]:
    server = start(tmp_path_factory.mktemp("data"), IMPORT_HOSTS="127.0.0.1:*")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def sdk(server: Server) -> Iterator[NodeSdk]:
    options = {"authKey": "key", "authSecret": SECRET, "endpoint": server.url}
    process = subprocess.Popen(
        ["node", "sdk.mjs", json.dumps(options)],
        cwd=FOLDER,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield NodeSdk(process)
        process.kill()


@pytest.fixture
def cli(server: Server, tmp_path: Path) -> Cli:
    settings = {"KEY": "key", "SECRET": SECRET, "ENDPOINT": server.url}
    own = {f"TRANSLOADIT_{name}": value for name, value in settings.items()}
    return Cli({**os.environ, **own, "HOME": str(tmp_path), "NO_COLOR": "1"}, tmp_path)


@pytest.fixture
def python_sdk(server: Server) -> Transloadit:
    return Transloadit("key", SECRET, service=server.url)


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One second of video."""
    path = tmp_path_factory.mktemp("clips") / "cat.mp4"
    picture = ["-f", "lavfi", "-i", "testsrc2=s=160x90:r=10:d=1"]
    ffmpeg(*picture, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", path)
    return path


@pytest.fixture(scope="session")
def letter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two blocks and a bit of what is no video."""
    path = tmp_path_factory.mktemp("letters") / "letter.txt"
    path.write_bytes(b"Dear cat, " * 20_000)
    return path
