"""House rules that no linter knows. Prints each breach as `file:line: what is wrong` and exits 1."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from copies import COPIES, differing
from import_layers import LAYERS, cycles, import_graph, modules_in, rising

ROOT = Path(__file__).resolve().parent.parent
# npm also writes where a package's people are found; only `resolved` is where it is downloaded.
DOWNLOAD_ADDRESS = {".txt": re.compile(r"https?://"), ".json": re.compile(r'"resolved": *"https?://')}
INLINE = re.compile(
    r"<script(?![^>]*\b(src|type=\"application/json\"))[^>]*>|\sstyle=|\son[a-z]+=|javascript:", re.I
)
FOREIGN_ROOM = {"web-application": "cattube_worker", "worker": "cattube"}


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [path for line in listed.splitlines() if (path := ROOT / line).is_file()]


def lock_file_addresses() -> Iterator[str]:
    """Download addresses in lock files, which must install from any index."""
    for path in tracked("*requirements*.txt", "requirements/*.txt", "*package-lock.json"):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if DOWNLOAD_ADDRESS[path.suffix].search(line):
                yield f"{path.relative_to(ROOT)}:{number}: a lock file carries no download address"


def imports_across_rooms() -> Iterator[str]:
    """Imports of one room by the other. They meet at the public protocol alone, so either can be replaced."""
    for room, foreign in FOREIGN_ROOM.items():
        for path in tracked(f"{room}/**/*.py"):
            for line, name in imports(path):
                if name.split(".")[0] == foreign:
                    yield f"{path.relative_to(ROOT)}:{line}: {room} must not import {foreign}"


def copies_that_differ() -> Iterator[str]:
    """Modules that are not the same in both rooms any more, though they shall be."""
    for one, other, of_one_alone in COPIES:
        for path in differing(ROOT / one, ROOT / other, of_one_alone=of_one_alone):
            yield f"{path.relative_to(ROOT)}:1: not the same as {one}/{path.relative_to(ROOT / other)}"


def imports_that_rise() -> Iterator[str]:
    """Imports of a higher layer, and modules that import each other."""
    for room, layers in LAYERS.items():
        graph = import_graph(modules_in(ROOT / room, tracked(f"{room}/*.py", f"{room}/**/*.py")), layers)
        yield from (f"{room}/{breach}" for breach in [*rising(graph, layers), *cycles(graph)])


def imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module


def inline_code() -> Iterator[str]:
    """Inline scripts, handlers and styles, which the content security policy forbids."""
    for path in tracked("web-application/cattube/**/*.html"):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if INLINE.search(line):
                yield f"{path.relative_to(ROOT)}:{number}: no inline script, handler or style in a template"


RULES = (lock_file_addresses, imports_across_rooms, copies_that_differ, imports_that_rise, inline_code)


def main() -> int:
    breaches = [breach for rule in RULES for breach in rule()]
    print("\n".join(breaches) or "house rules: all kept")
    return 1 if breaches else 0


if __name__ == "__main__":
    raise SystemExit(main())
