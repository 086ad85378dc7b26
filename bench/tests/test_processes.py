from __future__ import annotations

import os
import subprocess
import sys

from bench.processes import adopting, cpu_seconds, own
from servers.procfs import tree

WORK = "import time\nwhile time.process_time() < 0.3: pass"
# It ends at once, and leaves one behind that works.
LEAVE = f"import os\nif os.fork() == 0:\n    exec({WORK!r})"


def test_time_of_children_that_ended_counts() -> None:
    before = cpu_seconds(os.getpid())

    subprocess.run([sys.executable, "-c", WORK], check=True)

    assert cpu_seconds(os.getpid()) - before > 0.2


def test_time_of_orphans_counts_for_who_adopts_them() -> None:
    with subprocess.Popen(["sleep", "600"]) as server, adopting() as adopted_cpu_seconds:
        subprocess.run([sys.executable, "-c", LEAVE], check=True)

        spent = adopted_cpu_seconds()
        is_alive = server.poll() is None
        server.kill()

    assert spent > 0.2
    assert is_alive


def test_a_servers_own_processes_are_told_from_what_it_started() -> None:
    with subprocess.Popen(["sleep", "600"]) as helper:
        members, of_its_program = tree(os.getpid()), own(os.getpid())
        helper.kill()

    assert helper.pid in members
    assert helper.pid not in of_its_program
    assert os.getpid() in of_its_program
