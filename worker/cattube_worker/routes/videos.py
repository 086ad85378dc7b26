"""POST /videos: work on an object that lies in the bucket already."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from cattube_worker.assemblies import create
from cattube_worker.assemblies.video_requests import VideoRequest, check_token, read_video_request, steps_for
from cattube_worker.errors import BadRequest
from cattube_worker.protocol.auth import Auth
from cattube_worker.protocol.params import Params
from cattube_worker.routes import current_engine
from cattube_worker.routes.form import base_url

blueprint = Blueprint("videos", __name__)
# The template that makes the site's videos, and the store that it keeps them in.
TEMPLATE, CREDENTIALS = "cattube", "cattube"
LONGEST_BODY = 16 * 1024


@blueprint.post("/videos")
def announce_video() -> tuple[Response, int]:
    """Take the work on and answer at once; the webhook is told how it ended."""
    engine = current_engine()
    check_token(
        request.headers.get("Authorization"),
        token=engine.settings.videos_token.get_secret_value(),
        allow_anonymous=engine.settings.allow_anonymous_videos,
    )
    if (request.content_length or 0) > LONGEST_BODY:
        raise BadRequest("The body is longer than any object key and address.")
    video = read_video_request(request.get_json(force=True, silent=True))
    assembly_id = create.new_assembly_id()
    _create(assembly_id, video)
    engine.publish(assembly_id)
    answer = jsonify(
        ok="ASSEMBLY_EXECUTING",
        message="The video is being worked on.",
        inputObject=video.input_key,
        assembly_id=assembly_id,
        assembly_url=f"{base_url(engine)}/assemblies/{assembly_id}",
    )
    return answer, 202


def _create(assembly_id: str, video: VideoRequest) -> None:
    engine = current_engine()
    asked = create.CreateRequest(
        params=Params(text=video.text, document={}, auth=Auth(key=engine.account.key)),
        assembly_id=assembly_id,
        base_url=base_url(engine),
        expected_uploads=0,
        form_fields={},
    )
    template = engine.templates[TEMPLATE]
    steps = steps_for(video, template.content["steps"], credentials=CREDENTIALS)
    merged = {**template.content, "steps": steps, "notify_url": video.webhook}
    with engine.database.write() as session:
        create.add_assembly(
            session, asked, merged, template=template, bounds=engine.bounds, now=engine.clock()
        )
