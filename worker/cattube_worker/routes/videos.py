"""POST /videos: make a video of an object that lies in the bucket already."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from cattube_worker.assemblies.creation.video_requests import check_token, read_video_request
from cattube_worker.errors import BadRequest
from cattube_worker.execution.announcements.announcements import LONGEST_BODY, Announcements
from cattube_worker.routes.requests.base_url import base_url
from cattube_worker.routes.services import service
from cattube_worker.settings import Settings

blueprint = Blueprint("videos", __name__)


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
    service(Announcements).take(video, base_url=base_url(), is_signed=has_token)
    answer = jsonify(
        ok="ASSEMBLY_EXECUTING",
        message="The video is being worked on.",
        inputObject=video.input_key,
        assembly_id=video.assembly_id,
        assembly_url=f"{base_url()}/assemblies/{video.assembly_id}",
    )
    return answer, 202
