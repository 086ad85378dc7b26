"""The command that puts a program into the layers of its sandbox."""

from __future__ import annotations

import ast
from pathlib import Path

from cattube_worker.media.process.fence import fence
from cattube_worker.media.process.fence.sandbox import LAYERS, sandboxed

ENGINE = Path(fence.__file__).parents[3]
STARTING = {"subprocess", "multiprocessing", "pty"}
STARTERS = ("exec", "spawn", "posix_spawn", "system", "popen", "fork")


def test_fence_stands_inside_bubblewrap_and_is_visible_there() -> None:
    program, source, folder = Path("/opt/ffmpeg"), Path("/data/cat"), Path("/data/tmp/job")

    command = sandboxed(
        [str(program), "-version"], sandbox=LAYERS, program=program, reads=[source], writes=[folder]
    )

    around, inside = command[: command.index("--")], command[command.index("--") + 1 :]
    assert around[0] == "bwrap"
    assert inside[:4] == [str(fence.PYTHON), "-I", "-S", str(fence.PROGRAM)]
    assert inside[-2:] == [str(program), "-version"]
    for option, path in (
        ("--ro-bind", program),
        ("--ro-bind", fence.PYTHON),
        ("--ro-bind", fence.PYTHON_FOLDER),
        ("--ro-bind", fence.PROGRAM),
        ("--ro-bind", source),
        ("--bind", folder),
    ):
        at = around.index(str(path))
        assert around[at - 1 : at + 2] == [option, str(path), str(path)]


def test_m23_only_one_module_starts_programs() -> None:
    starting = {
        str(path.relative_to(ENGINE))
        for path in ENGINE.rglob("*.py")
        if any(map(starts_programs, ast.walk(ast.parse(path.read_text()))))
    }

    assert starting == {"media/process/run.py", "media/process/fence/fence_program.py"}


def starts_programs(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return any(alias.name.split(".")[0] in STARTING for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").split(".")[0] in STARTING
    if not isinstance(node, ast.Attribute):
        return False
    is_of_os = isinstance(node.value, ast.Name) and node.value.id == "os"
    return is_of_os and node.attr.startswith(STARTERS)
