"""Jobs of a video, on its page of the administration: on which host each runs or ran."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from cattube.processing.models import service_of
from cattube.processing.transloadit.account import engine_account
from cattube.processing.transloadit.addresses import internal_address, is_hosted
from cattube.processing.transloadit.assembly_jobs import AssemblyJob, read_jobs
from cattube.processing.transloadit.client import EngineUnreachable, engine_client
from cattube.videos.models import Video


def jobs_as_html(video: Video) -> SafeString:
    """Table of the jobs of the video and of its captions, or a sentence why there is none."""
    try:
        jobs, reason = _jobs(video), ""
    except EngineUnreachable as error:
        jobs, reason = [], str(error)
    return render_to_string("admin/video_jobs.html", {"jobs": jobs, "reason": reason})


def _jobs(video: Video) -> list[AssemblyJob]:
    """Jobs as far as our own engine knows them. Raises EngineUnreachable."""
    # What another engine of somebody's own works on, that one alone knows, and it may not know our key.
    if service_of(video) or is_hosted(internal_address()):
        return []
    captionings = video.captionings.values_list("assembly_id", flat=True)
    assembly_ids = [assembly_id for assembly_id in (video.assembly_id, *captionings) if assembly_id]
    engine, account = engine_client(), engine_account()
    return [job for assembly_id in assembly_ids for job in read_jobs(engine, account, assembly_id)]
