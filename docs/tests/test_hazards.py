"""docs/hazards.md is complete and true: each code that code or tests cite, and the tests that hold it."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "hazards.md").read_text()
ROW = re.compile(r"^\| ([A-Z]\d+) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
CODE = r"(?:[TMWSDF](?:(?!00)\d{2}|[1-9]\d{2})|I[1-9])"
# Neither "#F01", a colour, nor "W10=", the end of something in base64, is a code.
IN_TEXT = re.compile(rf"(?<![\w#]){CODE}(?![\w=])")
IN_NAME = re.compile(rf"_({CODE})(?=_|$)", re.IGNORECASE)
# The linter's rules have names of the same form.
NOQA = re.compile(r"# (?:ruff: )?noqa: [A-Z]+\d+(?:, [A-Z]+\d+)*")
SOURCES = ("*.py", "*.ts", "*.mjs", "*.js", "*.sh", "*.html", "Makefile")


def rows() -> dict[str, list[str]]:
    """The tests that the page names for each code."""
    return {code: re.findall(r"`(test_\w+)`", tests) for code, _, _, tests in ROW.findall(PAGE)}


@cache
def sources() -> tuple[Path, ...]:
    """Every file in which a code may be cited, this one excepted."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *SOURCES],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    paths = (ROOT / line for line in listing.splitlines())
    return tuple(path for path in paths if path.is_file() and path != Path(__file__).resolve())


def text_of(path: Path) -> str:
    return NOQA.sub("#", path.read_text())


def is_test(path: Path) -> bool:
    return path.suffix == ".py" and ("tests" in path.parts or ROOT / "e2e" in path.parents)


@cache
def citing_tests() -> dict[str, set[str]]:
    """Names of the test functions that cite each code: in the name, in their text, or for a whole file."""
    citing: dict[str, set[str]] = {}
    for path in filter(is_test, sources()):
        for name, code in citations(text_of(path)):
            citing.setdefault(code, set()).add(name)
    return citing


def citations(text: str) -> Iterator[tuple[str, str]]:
    """Test function and code for each citation in a file of tests."""
    module, lines = ast.parse(text), text.splitlines()
    codes_of_file = set(IN_TEXT.findall(ast.get_docstring(module) or ""))
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            start = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            body = "\n".join(lines[start - 1 : node.end_lineno])
            in_name = {code.upper() for code in IN_NAME.findall(node.name)}
            for code in codes_of_file | in_name | set(IN_TEXT.findall(body)):
                yield node.name, code


def cited() -> set[str]:
    """Every code that code or tests cite."""
    in_text = {code for path in sources() for code in IN_TEXT.findall(text_of(path))}
    return in_text | set(citing_tests())


def test_page_has_a_row_for_every_code_that_is_cited() -> None:
    assert cited() - set(rows()) == set()


def test_page_has_one_row_for_a_code() -> None:
    codes = [code for code, *_ in ROW.findall(PAGE)]

    assert [code for code in codes if codes.count(code) > 1] == []


def test_rows_are_sorted_by_their_codes() -> None:
    codes = [(code[0], int(code[1:])) for code, *_ in ROW.findall(PAGE)]

    for letter in {letter for letter, _ in codes}:
        numbers = [number for other, number in codes if other == letter]
        assert numbers == sorted(numbers)


def test_every_table_row_of_the_page_is_read() -> None:
    lines = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| code ")]

    assert len(lines) == len(ROW.findall(PAGE))


@pytest.mark.parametrize("code", rows())
def test_named_tests_exist_and_cite_the_code(code: str) -> None:
    named = rows()[code]

    assert named, f"{code} names no test"
    assert set(named) - citing_tests().get(code, set()) == set()
