"""The engine: whether it answers, takes our key, has our template and ffmpeg, and can report back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from cattube.doctor.finding import Finding, failed, ok, skipped, warning
from cattube.processing.transloadit.account import Account
from cattube.processing.transloadit.client import Engine, EngineUnreachable, is_hosted
from cattube.processing.transloadit.doctor_assembly import PROBE_FIELDS
from cattube.processing.transloadit.templates import TemplateRefused, Templates

ENGINE, KEY, TEMPLATE, FFMPEG = "Engine", "Engine key", "Template", "ffmpeg"
NOTIFICATION = "Notification"
LIFETIME = timedelta(minutes=5)
REPORT_SECONDS, ASK_EVERY_SECONDS = 15.0, 0.5
PUSH = "Run: python manage.py push_template"
ONE_STEP = {":original": {"robot": "/upload/handle"}}
FIELD = "num_expected_upload_files"


@dataclass(frozen=True)
class EngineExamination:
    """One engine, asked as the site asks it.

    site: origin that the engine reports to; "" when it could not reach us anyway.
    wait: sleeps so many seconds.
    """

    engine: Engine
    address: str
    account: Account
    template_id: str
    site: str
    wait: Callable[[float], None] = time.sleep

    def run(self) -> Iterator[Finding]:
        if not self.engine.is_healthy():
            fix = "Start it, or correct TRANSLOADIT_SERVICE (or WORKER_PORT, for ours)."
            yield failed(ENGINE, f"Nothing answers at {self.address}.", fix)
            return
        yield ok(ENGINE, f"{self.address} answers.")
        yield from self._ffmpeg()
        knows_us = False
        for finding in self._template():
            yield finding
            knows_us = knows_us or finding == self._key_taken()
        if knows_us:
            yield self._notification()
        else:
            yield skipped(NOTIFICATION, "Without a key the engine does nothing for us.")

    def _ffmpeg(self) -> Iterator[Finding]:
        if is_hosted(self.address):
            yield skipped(FFMPEG, "Hosted Transloadit brings its own.")
            return
        try:
            http_status, health = self.engine.ask("GET", "/healthz")
        except EngineUnreachable:
            http_status, health = 0, {}
        if http_status != 200 or not isinstance(health.get("degraded"), dict):
            yield skipped(FFMPEG, "This engine does not tell how it is.")
            return
        wrong = dict(health["degraded"])
        reason = wrong.pop("ffmpeg", None)
        if reason:
            yield failed(FFMPEG, str(reason), "Install ffmpeg 5.1 or newer (Debian: apt install ffmpeg).")
        else:
            yield ok(FFMPEG, "The engine has ffmpeg with all encoders it needs.")
        for part, sentence in wrong.items():
            yield failed(f"{ENGINE}: {part}", str(sentence), "Look at the engine's log and settings.")

    def _key_taken(self) -> Finding:
        return ok(KEY, "The engine takes the key and its secret.")

    def _template(self) -> Iterator[Finding]:
        try:
            found = Templates(self.engine, self.account).find(self.template_id)
        except TemplateRefused as error:
            yield failed(KEY, f"The engine refuses the key: {error}.", _fix_of_key(error.code))
            return
        except EngineUnreachable as error:
            yield failed(KEY, f"The engine could not be asked: {error}.", "Try again later.")
            return
        yield self._key_taken()
        if found is None:
            sentence = f"The engine has no template {self.template_id}."
            yield failed(TEMPLATE, sentence, f"{PUSH}, and set TRANSLOADIT_TEMPLATE_ID.")
        else:
            yield ok(TEMPLATE, f"The engine has the template {found.name}.")

    def _notification(self) -> Finding:
        """Have the engine do nothing at all, and report that."""
        if not self.site:
            return warning(
                NOTIFICATION,
                "Hosted Transloadit cannot report to a site without an address. Videos become ready all the "
                "same, some seconds later.",
                "Set SITE_URL to the public address of the site.",
            )
        try:
            return self._judge(self._delivery())
        except EngineUnreachable as error:
            return failed(NOTIFICATION, f"It could not be tried: {error}.", "Try again later.")

    def _delivery(self) -> dict[str, Any]:
        """The first try at reporting, as the engine tells of it; empty when there was none in time."""
        params = {
            "auth": self.account.auth(timezone.now(), LIFETIME),
            "steps": ONE_STEP,
            "fields": PROBE_FIELDS,
            "notify_url": f"{self.site}/notifications/transloadit",
        }
        made = self._told("POST", "/assemblies", {**self.account.signed(params), FIELD: "0"})
        for _ in range(int(REPORT_SECONDS / ASK_EVERY_SECONDS)):
            listed = self._told("GET", f"/assembly_notifications/{made.get('assembly_id')}")
            tried = [entry for entry in listed.get("notifications", ()) if _was_tried(entry)]
            if tried:
                return dict(tried[0])
            self.wait(ASK_EVERY_SECONDS)
        return {}

    def _told(self, method: str, path: str, fields: dict[str, str] | None = None) -> dict[str, Any]:
        http_status, answer = self.engine.ask(method, path, fields=fields)
        if http_status != 200 or "error" in answer:
            raise EngineUnreachable(str(answer.get("error") or f"HTTP {http_status}"))
        return answer

    def _judge(self, delivery: dict[str, Any]) -> Finding:
        code = delivery.get("response_code")
        fix = "Set SITE_URL to an address of this site that the engine can reach, and start the site."
        if not delivery:
            return failed(NOTIFICATION, f"The engine has not reported within {REPORT_SECONDS:.0f} s.", fix)
        if code == 200:
            return ok(NOTIFICATION, f"The engine's report arrives at {self.site}.")
        if code == 403:
            fix = "Use the same TRANSLOADIT_SECRET in both, and a signature of sha256 or better."
            return failed(NOTIFICATION, "The site does not take the engine's signature.", fix)
        reason = delivery.get("error") or (f"HTTP {code}" if code else "no answer")
        return failed(NOTIFICATION, f"The engine cannot report to {self.site}: {reason}.", fix)


def _was_tried(entry: Any) -> bool:
    return isinstance(entry, dict) and bool(entry.get("response_code") or entry.get("error"))


def _fix_of_key(code: str) -> str:
    if "EXPIRE" in code:
        return "Set the clock of this machine; better, have it kept right by NTP."
    return "Correct TRANSLOADIT_KEY and TRANSLOADIT_SECRET: both rooms have to have the same."


def reported_to(address: str) -> str:
    """The origin of this site that the engine at `address` reports to; "" for one that cannot reach us."""
    if settings.SITE_URL:
        return str(settings.SITE_URL)
    return "" if is_hosted(address) else f"http://127.0.0.1:{settings.WEB_PORT}"
