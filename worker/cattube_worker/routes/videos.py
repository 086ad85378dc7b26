"""POST /videos: make a video of an object that lies in the bucket already."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from cattube_worker.assemblies import create
from cattube_worker.assemblies.bounds import Bounds
from cattube_worker.assemblies.templates.template import ShippedTemplates
from cattube_worker.assemblies.video_requests import VideoRequest, check_token, read_video_request, steps_for
from cattube_worker.database import Database
from cattube_worker.errors import BadRequest
from cattube_worker.execution.signals import Signals
from cattube_worker.protocol.auth import Auth
from cattube_worker.protocol.params import Account, Params
from cattube_worker.routes.requests.base_url import base_url
from cattube_worker.routes.services import now, service
from cattube_worker.settings import Settings

blueprint = Blueprint("videos", __name__)
# The template that makes the site's videos, and the store that it keeps them in.
TEMPLATE, CREDENTIALS = "cattube", "cattube"
LONGEST_BODY = 16 * 1024


@blueprint.post("/videos")
def announce_video() -> tuple[Response, int]:
    """Start the assembly and answer at once; its end is reported to the webhook."""
    settings = service(Settings)
    has_token = check_token(
        request.headers.get("Authorization"),
        token=settings.videos_token.get_secret_value(),
        allow_anonymous=settings.allow_anonymous_videos,
    )
    if (request.content_length or 0) > LONGEST_BODY:
        raise BadRequest("The body is longer than any object key and address.")
    video = read_video_request(request.get_json(force=True, silent=True))
    assembly_id = create.new_assembly_id()
    _create(assembly_id, video, is_signed=has_token)
    service(Signals).publish(assembly_id)
    answer = jsonify(
        ok="ASSEMBLY_EXECUTING",
        message="The video is being worked on.",
        inputObject=video.input_key,
        assembly_id=assembly_id,
        assembly_url=f"{base_url()}/assemblies/{assembly_id}",
    )
    return answer, 202


def _create(assembly_id: str, video: VideoRequest, *, is_signed: bool) -> None:
    creation = create.CreateRequest(
        params=Params(text=video.text, document={}, auth=Auth(key=service(Account).key)),
        assembly_id=assembly_id,
        base_url=base_url(),
        expected_uploads=0,
        form_fields={},
        is_signed=is_signed,
    )
    template = service(ShippedTemplates)[TEMPLATE]
    steps = steps_for(video, template.content["steps"], credentials=CREDENTIALS)
    merged = {**template.content, "steps": steps, "notify_url": video.webhook, "fields": video.fields}
    bounds = service(Bounds)
    with service(Database).write() as session:
        create.add_assembly(session, creation, merged, template=template, bounds=bounds, now=now())
