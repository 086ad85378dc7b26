"""Findings of checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    OK = "ok"
    WARNING = "warning"  # works, but not as well as it could
    FAILED = "failed"
    SKIPPED = "skipped"  # not asked for by the settings, or something before it failed


@dataclass(frozen=True)
class Finding:
    """Finding about one thing. sentence: its state. fix: what to do, when something is to be done."""

    name: str
    verdict: Verdict
    sentence: str
    fix: str = ""


# Maker of a finding about what is wrong: `failed` or `warning`.
Problem = Callable[[str, str, str], Finding]
# A check that learns several things by one trip gives several findings.
Check = Callable[[], Iterable[Finding]]


def ok(name: str, sentence: str) -> Finding:
    return Finding(name, Verdict.OK, sentence)


def warning(name: str, sentence: str, fix: str) -> Finding:
    return Finding(name, Verdict.WARNING, sentence, fix)


def failed(name: str, sentence: str, fix: str) -> Finding:
    return Finding(name, Verdict.FAILED, sentence, fix)


def skipped(name: str, sentence: str) -> Finding:
    return Finding(name, Verdict.SKIPPED, sentence)


def has_failed(findings: Iterable[Finding]) -> bool:
    return any(finding.verdict is Verdict.FAILED for finding in findings)


def run(checks: Iterable[Check]) -> Iterator[Finding]:
    """Findings of all checks, as they come."""
    for check in checks:
        yield from check()
