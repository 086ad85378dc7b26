"""What is known of processes by number alone."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from servers.procfs import arguments, children, program, tree

# Says its number itself: until a program has begun, Linux tells of it what it tells of its parent.
CHILD = ["sh", "-c", "echo $$; read line"]
PARENT = f"import subprocess; subprocess.Popen({CHILD}, stdin=subprocess.PIPE).wait()"


def test_tree_has_what_the_children_of_any_thread_have_started() -> None:
    with ThreadPoolExecutor(1) as pool:
        parent = pool.submit(
            subprocess.Popen, [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True
        ).result()
        with parent:
            assert parent.stdout
            child = int(parent.stdout.readline())

            members = tree(os.getpid())
            name, words = program(child), arguments(child)
            os.kill(child, 9)

    assert {os.getpid(), parent.pid, child} <= set(members)
    assert (name, words) == ("sh", CHILD)


def test_nothing_is_known_of_a_process_that_has_ended() -> None:
    process = subprocess.Popen(["true"])
    process.wait()

    assert (tree(process.pid), children(process.pid)) == ([process.pid], [])
    assert (program(process.pid), arguments(process.pid)) == ("", [])
