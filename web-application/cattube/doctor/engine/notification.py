"""Check that notifications of the engine arrive, by a test Assembly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from cattube.doctor.finding import Finding, failed, ok, warning
from cattube.processing.transloadit.account import Account
from cattube.processing.transloadit.addresses import notify_url
from cattube.processing.transloadit.client import EngineClient, EngineUnreachable
from cattube.processing.transloadit.doctor_assembly import TEST_FIELDS
from cattube.queues.address import is_queue_reference

NOTIFICATION = "Notification"
NOTIFICATION_SECONDS, POLL_SECONDS = 15.0, 0.5
ONE_STEP = {":original": {"robot": "/upload/handle"}}
FILE_COUNT = "num_expected_upload_files"


@dataclass(frozen=True)
class NotificationTrial:
    """Test Assembly, and what the engine says of its notification. site, wait: as in `EngineCheck`."""

    engine: EngineClient
    account: Account
    site: str
    wait: Callable[[float], None]

    def finding(self) -> Finding:
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
