"""Announced videos, each taken on as one assembly however often it is announced."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from cattube_worker.assemblies import repository
from cattube_worker.assemblies.creation import create
from cattube_worker.assemblies.creation.bounds import Bounds
from cattube_worker.assemblies.creation.video_requests import VideoRequest, steps_for
from cattube_worker.assemblies.templates.template import Template
from cattube_worker.clock import Clock
from cattube_worker.database import Database
from cattube_worker.execution.signals import Signals
from cattube_worker.protocol.params.auth import Auth
from cattube_worker.protocol.params.params import Params

# The template that makes the site's videos, and the store that it keeps them in.
TEMPLATE, CREDENTIALS = "cattube", "cattube"
# Of any object key and address.
LONGEST_BODY = 16 * 1024


@dataclass(frozen=True, kw_only=True)
class Announcements:
    """Takes videos on. auth_key: of the account for whom that is done."""

    database: Database
    clock: Clock
    bounds: Bounds
    signals: Signals
    template: Template
    auth_key: str

    def take(self, video: VideoRequest, *, base_url: str, is_signed: bool) -> None:
        """Start the assembly, unless it was started by the same request before.

        base_url: where clients reach the engine. is_signed: by the shared token. Raises AssemblyError.
        """
        with self.database.write() as session:
            if _is_known(session, video):
                return
            self._create(session, video, base_url=base_url, is_signed=is_signed)
        self.signals.publish(video.assembly_id)

    def _create(self, session: Session, video: VideoRequest, *, base_url: str, is_signed: bool) -> None:
        creation = create.CreateRequest(
            params=Params(text=video.text, document={}, auth=Auth(key=self.auth_key)),
            assembly_id=video.assembly_id,
            base_url=base_url,
            expected_uploads=0,
            form_fields={},
            is_signed=is_signed,
        )
        content = self.template.content
        steps = steps_for(video, content["steps"], credentials=CREDENTIALS)
        merged = {**content, "steps": steps, "notify_url": video.webhook, "fields": video.fields}
        create.add_assembly(
            session, creation, merged, template=self.template, bounds=self.bounds, now=self.clock()
        )


def _is_known(session: Session, video: VideoRequest) -> bool:
    is_there = repository.is_there(session, video.assembly_id)
    return is_there and repository.get(session, video.assembly_id).params == video.text
