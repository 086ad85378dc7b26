"""What one check found."""

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
    """name: what was looked at. sentence: how it is. fix: what to do, where something is to be done."""

    name: str
    verdict: Verdict
    sentence: str
    fix: str = ""


Complaint = Callable[[str, str, str], Finding]
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
    """The findings of all checks, as they come."""
    for check in checks:
        yield from check()
