"""manage.py doctor [--fix]: check all that the site depends on, and say what to do."""

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cattube.doctor.checks import run_checks, run_checks_before_start, write_cors_rules
from cattube.doctor.finding import Finding, Verdict, has_failed

LABELS = {Verdict.OK: "ok", Verdict.WARNING: "warning", Verdict.FAILED: "FAILED", Verdict.SKIPPED: "skipped"}


class Command(BaseCommand):
    help = "Check bucket, engine, database, disk and clock, each with what to do when it is not right."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fix", action="store_true", help="first write the CORS rules of the buckets")
        parser.add_argument(
            "--before-start", action="store_true", help="look only at what nothing can start without"
        )

    def handle(self, *args: Any, fix: bool, before_start: bool, **options: Any) -> None:
        if fix:
            self.stdout.write("\n".join(write_cors_rules()))
        findings = self._printed(
            run_checks_before_start() if before_start else run_checks(), options["verbosity"]
        )
        if has_failed(findings):
            raise CommandError("Something is wrong; what to do is said above.")

    def _printed(self, findings: Iterable[Finding], verbosity: int) -> list[Finding]:
        """Findings, each printed as it comes; with verbosity 0 only those with something to do."""
        printed = []
        for finding in findings:
            printed.append(finding)
            if verbosity or finding.fix:
                self.stdout.write(f"{LABELS[finding.verdict]:8} {finding.name}: {finding.sentence}")
                if finding.fix:
                    self.stdout.write(f"{'':8} {finding.fix}")
                self.stdout.flush()
        return printed
