"""Programs that tests run in the Django of a site's web room."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

WEB_ROOM = Path(__file__).resolve().parent.parent / "web-application"
SECONDS_TO_END = 60

# Run by `manage.py shell`. A program comes as a line of JSON, and what it has printed and its trace go so.
_LOOP = """
import contextlib, io, json, sys, traceback
from django.db import connections
answers = sys.stdout
for line in sys.stdin:
    printed, trace = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(printed):
            exec(json.loads(line), {"__name__": "__main__"})
    except BaseException:
        trace = traceback.format_exc()
    connections.close_all()
    print(json.dumps([printed.getvalue(), trace]), file=answers, flush=True)
"""


class SiteShell:
    """One process for all programs of a site: to start Django takes longer than most of them.

    The first program starts it. It ends when it is closed, or whoever started it has gone.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._process: subprocess.Popen[str] | None = None

    def run(self, program: str) -> str:
        """What a program prints. Raises RuntimeError with its trace when it fails."""
        process = self._process = self._process or self._start()
        assert process.stdin
        assert process.stdout
        print(json.dumps(program), file=process.stdin, flush=True)
        answer = process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the process ended with {process.wait()}, amid this program:\n{program}")
        printed, trace = json.loads(answer)
        if trace:
            raise RuntimeError(f"{printed}{trace}")
        return str(printed)

    def close(self) -> None:
        if self._process:
            self._process.communicate(timeout=SECONDS_TO_END)
            self._process = None

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--verbosity=0", "-c", _LOOP],
            cwd=WEB_ROOM,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
