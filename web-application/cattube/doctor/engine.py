"""Checks of the engine: it answers, takes our key, has template, tools and sandbox, and notifies us."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from cattube.doctor.finding import Finding, failed, ok, skipped, warning
from cattube.processing.transloadit.account import Account
from cattube.processing.transloadit.addresses import is_hosted, notify_url
from cattube.processing.transloadit.client import EngineClient, EngineUnreachable
from cattube.processing.transloadit.doctor_assembly import TEST_FIELDS
from cattube.processing.transloadit.shipped_template import steps_that_tell_the_id
from cattube.processing.transloadit.templates import Template, TemplateRefused, Templates
from cattube.queues.address import is_queue_reference

ENGINE, KEY, TEMPLATE, FFMPEG, SANDBOX = "Engine", "Engine key", "Template", "ffmpeg", "Sandbox"
CAPTIONS, NOTIFICATION = "Captions", "Notification"
NOTIFICATION_SECONDS, POLL_SECONDS = 15.0, 0.5
PUSH_TEMPLATE = "Run: python manage.py push_template"
ONE_STEP = {":original": {"robot": "/upload/handle"}}
FILE_COUNT = "num_expected_upload_files"


@dataclass(frozen=True)
class EngineCheck:
    """Check of one engine, with the requests of the site.

    site: origin or queue that the engine reports to; "" when it cannot reach us. is_public: the site has an
    https address, so that strangers' files have to be expected. wait: sleeps so many seconds.
    """

    engine: EngineClient
    address: str
    account: Account
    template_id: str
    site: str
    is_public: bool = False
    wait: Callable[[float], None] = time.sleep

    def run(self) -> Iterator[Finding]:
        if not self.engine.is_healthy():
            fix = "Start it, or correct TRANSLOADIT_SERVICE (or WORKER_PORT, for ours)."
            yield failed(ENGINE, f"Nothing answers at {self.address}.", fix)
            return
        yield ok(ENGINE, f"{self.address} answers.")
        yield from self._health()
        has_key = False
        for finding in self._template():
            yield finding
            has_key = has_key or finding == self._key_accepted()
        if has_key:
            yield self._notification()
        else:
            yield skipped(NOTIFICATION, "Without a key the engine does nothing for us.")

    def _health(self) -> Iterator[Finding]:
        if is_hosted(self.address):
            yield skipped(FFMPEG, "Hosted Transloadit brings its own.")
            return
        try:
            http_status, health = self.engine.request("GET", "/healthz")
        except EngineUnreachable:
            http_status, health = 0, {}
        if http_status != 200 or not isinstance(health.get("degraded"), dict):
            yield skipped(FFMPEG, "This engine does not tell how it is.")
            return
        degraded = dict(health["degraded"])
        reason = degraded.pop("ffmpeg", None)
        if reason:
            yield failed(FFMPEG, str(reason), "Install ffmpeg 5.1 or newer (Debian: apt install ffmpeg).")
        else:
            yield ok(FFMPEG, "The engine has ffmpeg with all encoders it needs.")
            yield self._sandbox(health.get("sandbox"), str(degraded.pop("sandbox", "")))
        yield from self._captions(health.get("captions"))
        for part, sentence in degraded.items():
            yield failed(f"{ENGINE}: {part}", str(sentence), "Look at the engine's log and settings.")

    def _sandbox(self, sandbox: Any, reason: str) -> Finding:
        """Finding about what fences ffmpeg in. reason: why that is too little for the engine, or ""."""
        layers, open_walls = _names(sandbox, "layers"), _names(sandbox, "open")
        if not layers:
            return skipped(SANDBOX, "This engine does not tell what fences ffmpeg in.")
        if not open_walls:
            return ok(SANDBOX, f"ffmpeg is fenced in by {', '.join(layers)}; every wall was tried and holds.")
        sentence = (
            f"ffmpeg is not fenced in (in force: {', '.join(layers)}). What a hostile video could do all the "
            f"same: {', '.join(open_walls)}."
        )
        problem = failed if self.is_public or reason else warning
        return problem(SANDBOX, sentence, "Use a Linux with Landlock and seccomp, or install bubblewrap.")

    def _captions(self, captions: Any) -> Iterator[Finding]:
        """Finding about the recognition of speech, which an engine need not have; older ones tell nothing."""
        if not isinstance(captions, dict):
            return
        if missing := captions.get("missing"):
            yield skipped(CAPTIONS, str(missing))
        else:
            yield ok(CAPTIONS, f'The engine recognises speech, with the model "{captions.get("model")}".')

    def _key_accepted(self) -> Finding:
        return ok(KEY, "The engine takes the key and its secret.")

    def _template(self) -> Iterator[Finding]:
        try:
            template = Templates(self.engine, self.account).find(self.template_id)
        except TemplateRefused as error:
            yield failed(KEY, f"The engine refuses the key: {error}.", _fix_of_key(error.code))
            return
        except EngineUnreachable as error:
            yield failed(KEY, f"The engine could not be asked: {error}.", "Try again later.")
            return
        yield self._key_accepted()
        yield self._template_finding(template)

    def _template_finding(self, template: Template | None) -> Finding:
        if template is None:
            sentence = f"The engine has no template {self.template_id}."
            return failed(TEMPLATE, sentence, f"{PUSH_TEMPLATE}, and set TRANSLOADIT_TEMPLATE_ID.")
        if steps := steps_that_tell_the_id(template.content):
            sentence = (
                f"The template {template.name} is of an older version: addresses of files tell viewers the "
                f"id of their Assembly (by {', '.join(steps)})."
            )
            fix = f"{PUSH_TEMPLATE} --update, or have ${{fields.folder}} for ${{assembly.id}} in its paths."
            return warning(TEMPLATE, sentence, fix)
        return ok(TEMPLATE, f"The engine has the template {template.name}.")

    def _notification(self) -> Finding:
        """Finding about the notification of a test Assembly."""
        if not self.site:
            return warning(
                NOTIFICATION,
                "Hosted Transloadit cannot report to a site without an address. Videos become ready all the "
                "same, some seconds later.",
                "Set SITE_URL to the public address of the site.",
            )
        try:
            return self._delivery_finding(self._delivery())
        except EngineUnreachable as error:
            return failed(NOTIFICATION, f"It could not be tried: {error}.", "Try again later.")

    def _delivery(self) -> dict[str, Any]:
        """First delivery of the notification, as the engine lists it; empty when there was none in time."""
        params = {"steps": ONE_STEP, "fields": TEST_FIELDS, "notify_url": notify_url(self.site)}
        created = self._signed_request("POST", "/assemblies", params, {FILE_COUNT: "0"})
        for _ in range(int(NOTIFICATION_SECONDS / POLL_SECONDS)):
            page = self._signed_request("GET", f"/assembly_notifications/{created.get('assembly_id')}")
            deliveries = [entry for entry in page.get("notifications", ()) if _was_tried(entry)]
            if deliveries:
                return dict(deliveries[0])
            self.wait(POLL_SECONDS)
        return {}

    def _signed_request(
        self,
        method: str,
        path: str,
        params: Mapping[str, Any] | None = None,
        fields: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Answer to a request with these params; beside them the fields of the form that are not signed."""
        signed = self.account.signed_request(timezone.now(), **(params or {}))
        http_status, answer = self.engine.request(method, path, fields={**signed, **(fields or {})})
        if http_status != 200 or "error" in answer:
            raise EngineUnreachable(str(answer.get("error") or f"HTTP {http_status}"))
        return answer

    def _delivery_finding(self, delivery: dict[str, Any]) -> Finding:
        code = delivery.get("response_code")
        fix = "Set SITE_URL to an address of this site that the engine can reach, and start the site."
        if is_queue_reference(self.site):
            fix = "Set NOTIFICATIONS_URL to the same queue at site and engine, and start its broker."
        if not delivery:
            return failed(
                NOTIFICATION, f"The engine has not reported within {NOTIFICATION_SECONDS:.0f} s.", fix
            )
        if code in (200, 202):
            return ok(NOTIFICATION, f"The engine's report arrives at {self.site}.")
        if code == 403:
            fix = "Use the same TRANSLOADIT_SECRET in both, and a signature of sha256 or better."
            return failed(NOTIFICATION, "The site does not take the engine's signature.", fix)
        reason = delivery.get("error") or (f"HTTP {code}" if code else "no answer")
        return failed(NOTIFICATION, f"The engine cannot report to {self.site}: {reason}.", fix)


def _was_tried(entry: Any) -> bool:
    return isinstance(entry, dict) and bool(entry.get("response_code") or entry.get("error"))


def _names(sandbox: Any, key: str) -> list[str]:
    names = sandbox.get(key) if isinstance(sandbox, dict) else None
    return [str(name) for name in names] if isinstance(names, list) else []


def _fix_of_key(code: str) -> str:
    if "EXPIRE" in code:
        return "Set the clock of this machine; better, have it kept right by NTP."
    return "Correct TRANSLOADIT_KEY and TRANSLOADIT_SECRET: both rooms have to have the same."
