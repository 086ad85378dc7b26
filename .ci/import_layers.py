"""Layers of the rooms, and what the imports between their modules must not do. Pure but for reading files.

Every import counts: of a module, of a name in a module, relative ones, those inside functions and those for
type checkers alone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# Prefixes of modules, top to bottom; the longest prefix of a module's name says where it is.
Layers = Sequence[tuple[str, ...]]

# By room. A room without an entry is not looked at.
LAYERS: dict[str, Layers] = {
    "web-application": (
        ("cattube.settings", "cattube.asgi", "cattube.wsgi"),
        ("cattube.web",),
        ("cattube.community", "cattube.playlists", "cattube.viewing"),
        ("cattube.doctor", "cattube.accounts"),
        (
            "cattube.processing.apps",
            "cattube.processing.management",
            "cattube.processing.notifications",
            "cattube.processing.reconcile",
            "cattube.processing.reconciler",
        ),
        ("cattube.processing.bucket",),
        ("cattube.processing.lifecycle",),
        ("cattube.processing.captioning",),
        ("cattube.processing.transloadit",),
        ("cattube.processing",),
        ("cattube.search",),
        ("cattube.captions",),
        ("cattube.videos",),
        ("cattube.channels",),
        ("cattube.design",),
        ("cattube.storage",),
        (
            "cattube.config",
            "cattube.errors",
            "cattube.paging",
            "cattube.prepared_query",
            "cattube.prepared_update",
            "cattube.queues",
            "cattube.stored_count",
            "cattube.version",
            "cattube.window_count",
        ),
    ),
    "worker": (
        ("cattube_worker",),  # create_app, background, engine, configuration, commands
        ("cattube_worker.routes",),
        ("cattube_worker.execution",),
        ("cattube_worker.assemblies", "cattube_worker.migrations"),
        ("cattube_worker.instructions",),
        ("cattube_worker.robots",),
        (
            "cattube_worker.media",
            "cattube_worker.storage",
            "cattube_worker.tus",
            "cattube_worker.outbound",
            "cattube_worker.database",
        ),
        (
            "cattube_worker.protocol",
            "cattube_worker.queues",
            "cattube_worker.settings",
            "cattube_worker.errors",
            "cattube_worker.clock",
            "cattube_worker.assembly_folders",
            "cattube_worker.disk_room",
            "cattube_worker.size_in_words",
            "cattube_worker.transfer_rate",
            "cattube_worker.version",
            "cattube_worker.logs",
        ),
    ),
}


@dataclass(frozen=True)
class Module:
    """name: dotted. path: within the room. is_package: the file is an `__init__.py`."""

    name: str
    path: str
    source: str
    is_package: bool = False


@dataclass(frozen=True)
class Import:
    """One import of a module by another of the same room. line: in the file at `path`."""

    path: str
    line: int
    importer: str
    imported: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.importer} imports {self.imported}"


def modules_in(room: Path, files: Iterable[Path]) -> list[Module]:
    """Modules in `files`, which are in the folder `room`."""
    return [_module(path.relative_to(room), path.read_text()) for path in files]


def import_graph(modules: Iterable[Module], layers: Layers) -> list[Import]:
    """Imports between those modules that stand in the packages of `layers`."""
    packages = {prefix.split(".")[0] for layer in layers for prefix in layer}
    ours = {module.name: module for module in modules if module.name.split(".")[0] in packages}
    return [
        Import(module.path, line, module.name, imported)
        for module in ours.values()
        for line, imported in _imported(module, ours)
        if imported != module.name
    ]


def rising(graph: Iterable[Import], layers: Layers) -> Iterator[str]:
    """Imports of a higher layer, and modules that the layers do not name."""
    for edge in graph:
        importer, imported = layer_of(edge.importer, layers), layer_of(edge.imported, layers)
        if importer is None or imported is None:
            unknown = edge.importer if importer is None else edge.imported
            yield f"{edge.path}:{edge.line}: {unknown} stands in no layer of .ci/import_layers.py"
        elif imported < importer:
            yield f"{edge}, which is above it"


def cycles(graph: Iterable[Import]) -> Iterator[str]:
    """Modules that import each other, directly or through others: each such set once."""
    edges = list(graph)
    targets: dict[str, set[str]] = {}
    for edge in edges:
        targets.setdefault(edge.importer, set()).add(edge.imported)
    for component in strongly_connected(targets):
        if len(component) > 1:
            first = next(e for e in edges if {e.importer, e.imported} <= component)
            yield f"{first.path}:{first.line}: a cycle of imports: {', '.join(sorted(component))}"


def layer_of(module: str, layers: Layers) -> int | None:
    """Number of the module's layer, 0 for the top; None when no prefix fits."""
    fitting = [
        (len(prefix), number)
        for number, layer in enumerate(layers)
        for prefix in layer
        if module == prefix or module.startswith(f"{prefix}.")
    ]
    return max(fitting)[1] if fitting else None


def strongly_connected(targets: Mapping[str, set[str]]) -> list[set[str]]:
    """Strongly connected components, by Kosaraju: finish forwards, then collect backwards."""
    nodes = {*targets, *(name for names in targets.values() for name in names)}
    sources: dict[str, set[str]] = {node: set() for node in nodes}
    for node, names in targets.items():
        for name in names:
            sources[name].add(node)
    seen: set[str] = set()
    order = [node for start in sorted(nodes) for node in _reached(start, targets, seen)]
    seen = set()
    components = [set(_reached(start, sources, seen)) for start in reversed(order)]
    return [component for component in components if component]


def _reached(start: str, targets: Mapping[str, set[str]], seen: set[str]) -> list[str]:
    """Nodes reached from `start` that were not seen before, each after all it leads to."""
    if start in seen:
        return []
    seen.add(start)
    reached, stack = [], [(start, iter(sorted(targets.get(start, ()))))]
    while stack:
        following = stack[-1][1]
        step = next((name for name in following if name not in seen), None)
        if step is None:
            reached.append(stack.pop()[0])
        else:
            seen.add(step)
            stack.append((step, iter(sorted(targets.get(step, ())))))
    return reached


def _module(path: Path, source: str) -> Module:
    is_package = path.name == "__init__.py"
    parts = path.parent.parts if is_package else path.with_suffix("").parts
    return Module(".".join(parts), path.as_posix(), source, is_package)


def _imported(module: Module, known: Mapping[str, Module]) -> Iterator[tuple[int, str]]:
    """Line and name of each known module that `module` imports; a name in one counts as the module."""
    for node in ast.walk(ast.parse(module.source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            origin = _origin(module, node)
            names = [f"{origin}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            target = _nearest(name, known)
            if target:
                yield node.lineno, target


def _origin(module: Module, node: ast.ImportFrom) -> str:
    """Absolute name of the module between `from` and `import`."""
    if not node.level:
        return node.module or ""
    package = module.name.split(".")
    up = node.level - 1 if module.is_package else node.level
    return ".".join([*package[: len(package) - up], *([node.module] if node.module else [])])


def _nearest(name: str, known: Mapping[str, Module]) -> str | None:
    """Known module that `name` is, or is a name in."""
    parts = name.split(".")
    candidates = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((candidate for candidate in candidates if candidate in known), None)
