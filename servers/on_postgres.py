"""python -m servers.on_postgres COMMAND…: run a command that finds an empty PostgreSQL, and end as it ended.

The address of the server is in CATTUBE_TEST_POSTGRES, which the tests of both rooms take instead of SQLite.
"""

from __future__ import annotations

import os
import subprocess
import sys

from servers.postgres import postgres
from servers.processes import ServerUnavailable

VARIABLE = "CATTUBE_TEST_POSTGRES"


def main(command: list[str]) -> int:
    try:
        with postgres() as url:
            return subprocess.run(command, env={**os.environ, VARIABLE: url}, check=False).returncode
    except ServerUnavailable as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
