"""The parts that tell clients what becomes of their Assemblies: statuses and notifications."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from cattube_worker import configuration
from cattube_worker.assemblies.jobs.turns import Turns
from cattube_worker.assemblies.status.document import StatusView
from cattube_worker.assemblies.status.files import FilesView
from cattube_worker.engine.files import Files
from cattube_worker.engine.foundation import Foundation
from cattube_worker.execution.outbox import Outbox, Receiver
from cattube_worker.execution.slots import Slots
from cattube_worker.execution.statuses.kept_snapshots import KeptSnapshots
from cattube_worker.execution.statuses.statuses import Statuses
from cattube_worker.protocol.signed_urls import SignedUrls
from cattube_worker.queues.address import is_queue_reference
from cattube_worker.queues.brokers import open_sender

if TYPE_CHECKING:
    from cattube_worker.outbound.notification_queue import NotificationQueue

# Of those who watch Assemblies, how many may be one owner or address.
WATCHING_SHARE = 1 / 4


class Reports:
    """Parts that report. turns: of the people whose jobs wait, for the place in the queue."""

    def __init__(self, foundation: Foundation, files: Files, turns: Turns) -> None:
        self._foundation, self._files, self._turns = foundation, files, turns
        self._settings = foundation.settings

    @cached_property
    def statuses(self) -> Statuses:
        database = self._foundation.database
        return Statuses(
            database=database,
            clock=self._foundation.clock,
            snapshots=KeptSnapshots(database),
            view=StatusView(
                FilesView(self._files.links),
                lambda upload: self._files.upload_files.offset(upload.id) or 0,
                self._live_preview_path,
            ),
            turns=self._turns,
            changes=self._foundation.signals.changes,
            watchers=Slots(self._settings.max_event_streams, share=WATCHING_SHARE),
            has_hosts=configuration.host_of(self._settings) is not None,
        )

    def _live_preview_path(self, assembly_id: str) -> str | None:
        path = self._files.live_previews.path_of(assembly_id)
        return None if path is None else self.signed_urls.signed(path)

    @cached_property
    def signed_urls(self) -> SignedUrls:
        account = self._foundation.account
        return SignedUrls(account.key, account.secret, clock=self._foundation.clock)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(
            database=self._foundation.database,
            clock=self._foundation.clock,
            statuses=self.statuses,
            open_outbound=self._open_outbound,
            secret=self._foundation.account.secret,
            algorithm=self._settings.notification_signature,
        )

    @cached_property
    def notification_queue(self) -> NotificationQueue | None:
        """Queue of NOTIFICATIONS_URL, if there is one."""
        from cattube_worker.outbound.notification_queue import NotificationQueue

        queue = self._settings.notification_queue
        return NotificationQueue(queue.reference, open_sender(queue)) if queue else None

    def _open_outbound(self, *, url: str, is_signed: bool) -> Receiver:
        """A client for notifications. is_signed: whether the operator's secret stands for the receiver."""
        if is_queue_reference(url):
            return self._open_queue(is_signed=is_signed)
        # Imported when the first notification is due: an idle engine does without it.
        from cattube_worker.outbound.http import Outbound
        from cattube_worker.outbound.trusted_hosts import TrustedHosts

        names = self._settings.notification_hosts if is_signed else ()
        return Outbound(TrustedHosts(names, setting="NOTIFY_HOSTS"))

    def _open_queue(self, *, is_signed: bool) -> NotificationQueue:
        """The queue for notifications. Raises ForbiddenAddress."""
        from cattube_worker.outbound.errors import ForbiddenAddress

        if self.notification_queue is None:
            raise ForbiddenAddress(
                "This engine has no queue for notifications: NOTIFICATIONS_URL names none."
            )
        if not is_signed:
            raise ForbiddenAddress("Only signed requests may be reported to a queue.")
        return self.notification_queue
