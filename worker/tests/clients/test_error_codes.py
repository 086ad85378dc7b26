"""Every code an error can carry is one that Transloadit's clients know."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import cattube_worker
from cattube_worker.errors import AssemblyError
from cattube_worker.robots import ROBOTS

from .conftest import NodeSdk

SOURCE = Path(cattube_worker.__file__).parent
# Answers to requests rather than ends of assemblies: the SDK's list for statuses does not have them, other
# SDKs and Transloadit's own documentation do.
OF_REQUESTS = {
    "SERVER_401",
    "TEMPLATE_CREDENTIALS_NOT_CREATED",
    "TEMPLATE_CREDENTIALS_NOT_DELETED",
    "TEMPLATE_CREDENTIALS_NOT_FOUND",
    "TEMPLATE_CREDENTIALS_NOT_READ",
    "TEMPLATE_CREDENTIALS_NOT_UPDATED",
    "TEMPLATE_LIST_ERROR",
    "TEMPLATE_VALIDATION_ERROR",
    "TOKEN_INVALID_AUDIENCE",
    "TOKEN_INVALID_SCOPE",
}
OK = re.compile(r"ASSEMBLY_(UPLOADING|EXECUTING|REPLAYING|COMPLETED|CANCELED)")
CODE = re.compile(r"[A-Z]+(_[A-Z0-9]+)+")


def known_codes(sdk: NodeSdk) -> set[str]:
    codes = set(sdk.call("errorCodes")) | OF_REQUESTS
    assert len(codes) > 300
    return codes


def error_classes() -> list[type[AssemblyError]]:
    for module in pkgutil.walk_packages([str(SOURCE)], "cattube_worker."):
        if ".migrations" not in module.name:
            importlib.import_module(module.name)
    found, left = [], [AssemblyError]
    while left:
        found.append(left.pop())
        left.extend(found[-1].__subclasses__())
    return [error for error in found if error.__module__.startswith("cattube_worker")]


def codes_in_source() -> Iterator[tuple[str, str]]:
    """The place and the text of each code that is handed to an error where it is raised."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "code" and isinstance(node.value, ast.Constant):
                yield f"{path.name}:{node.value.lineno}", str(node.value.value)


def test_every_kind_of_error_has_a_code_of_transloadits(sdk: NodeSdk) -> None:
    known, classes = known_codes(sdk), error_classes()

    assert len(classes) > 30
    assert {error.__qualname__: error.code for error in classes if error.code not in known} == {}
    assert {error.__qualname__: error.status for error in classes if not 400 <= error.status < 600} == {}


def test_every_code_that_is_raised_is_one_of_transloadits(sdk: NodeSdk) -> None:
    known, raised = known_codes(sdk), dict(codes_in_source())

    assert len(raised) > 20
    assert {place: code for place, code in raised.items() if code not in known} == {}


def test_every_code_made_of_a_robots_name_is_one_of_transloadits(sdk: NodeSdk) -> None:
    known = known_codes(sdk)
    names = {name.strip("/").replace("/", "_").upper(): name for name in ROBOTS}

    made = {f"{name}_VALIDATION" for name, robot in names.items() if robot != "/upload/handle"}
    for name, robot in names.items():
        if robot.endswith("/import"):
            made |= {f"{name}_{why}" for why in ("ACCESS_DENIED", "NOT_FOUND", "FAILURE")}
        if robot.endswith("/store"):
            made |= {f"{name}_{why}" for why in ("ACCESS_DENIED", "FAILURE")}

    assert made - known == set()
