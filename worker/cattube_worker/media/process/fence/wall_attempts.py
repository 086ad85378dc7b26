"""Program that tries what no program in the sandbox may do, and prints the name of each thing that it could.

It is run by its path, in the sandbox, once at the start of the engine; `walls.py` makes its arguments.

    wall_attempts.py SECRET TARGET PORT PROCESS NAMESPACE
"""

import os
import socket
import sys

LOOPBACK = "127.0.0.1"
SECONDS = 2
NO_SIGNAL = 0  # asks if the process could be signalled, and does nothing to it
DONE = "all were tried"


def read_secret(secret: str) -> None:
    with open(secret, "rb") as file:  # noqa: PTH123 - pathlib takes longer to import than all this takes to run
        file.read(1)


def write_outside(target: str) -> None:
    with open(target, "wb") as file:  # noqa: PTH123
        file.write(b"spoilt")


def connect(port: str) -> None:
    socket.create_connection((LOOPBACK, int(port)), SECONDS).close()


def signal_neighbour(process: str, namespace: str) -> None:
    """Signal the process; in another namespace the number is that of somebody else."""
    if namespace == os.readlink("/proc/self/ns/pid"):  # noqa: PTH115
        os.kill(int(process), NO_SIGNAL)
    else:
        raise ProcessLookupError


def main(secret: str, target: str, port: str, process: str, namespace: str) -> None:
    attempts = {
        "read": (read_secret, (secret,)),
        "write": (write_outside, (target,)),
        "connect": (connect, (port,)),
        "signal": (signal_neighbour, (process, namespace)),
    }
    for name, (attempt, arguments) in attempts.items():
        try:
            attempt(*arguments)  # type: ignore[operator]  # naming their type would import typing
        except OSError:
            continue
        print(name)
    print(DONE)


if __name__ == "__main__":
    main(*sys.argv[1:])
