"""manage.py doctor [--fix]: see whether everything the site stands on works, and say what to do."""

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cattube.doctor.checks import examine, examine_before_start, mend
from cattube.doctor.finding import Finding, Verdict, has_failed

SIGNS = {Verdict.OK: "ok", Verdict.WARNING: "warning", Verdict.FAILED: "FAILED", Verdict.SKIPPED: "skipped"}


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
            self.stdout.write("\n".join(mend()))
        findings = self._told(examine_before_start() if before_start else examine(), options["verbosity"])
        if has_failed(findings):
            raise CommandError("Something is wrong; what to do is said above.")

    def _told(self, findings: Iterable[Finding], verbosity: int) -> list[Finding]:
        """The findings, each printed as it comes; quiet about what is right with verbosity 0."""
        told = []
        for finding in findings:
            told.append(finding)
            if verbosity or finding.fix:
                self.stdout.write(f"{SIGNS[finding.verdict]:8} {finding.name}: {finding.sentence}")
                if finding.fix:
                    self.stdout.write(f"{'':8} {finding.fix}")
                self.stdout.flush()
        return told
