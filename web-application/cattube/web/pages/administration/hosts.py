"""Page of the administration about the hosts that work for our engine."""

from collections.abc import Sequence

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cattube.doctor.finding import Verdict
from cattube.doctor.hosts import check_load, load_of_engine
from cattube.processing.transloadit.client import EngineUnreachable
from cattube.processing.transloadit.hosts import RunningJob
from cattube.videos.models import Video


@require_safe
def hosts(request: HttpRequest) -> HttpResponse:
    """Hosts, what each runs, and what waits, for administrators."""
    if not request.user.is_superuser:
        raise PermissionDenied
    reason, load = "", None
    try:
        load = load_of_engine()
    except EngineUnreachable as error:
        reason = str(error)
    findings = check_load(load) if load else []
    running = [*load.running, *(job for host in load.hosts for job in host.running)] if load else []
    videos = _videos_of(running)
    context = {
        **admin.site.each_context(request),
        "title": "Hosts",
        "load": load,
        "reason": reason,
        "problems": [finding for finding in findings if finding.verdict in (Verdict.WARNING, Verdict.FAILED)],
        "hosts": [(host, _with_videos(host.running, videos)) for host in load.hosts] if load else [],
        "running": _with_videos(load.running, videos) if load else [],
    }
    return render(request, "admin/hosts.html", context)


def _videos_of(jobs: Sequence[RunningJob]) -> dict[str, Video]:
    """Videos of the jobs, by their Assembly."""
    assembly_ids = {job.assembly_id for job in jobs}
    return {video.assembly_id: video for video in Video.objects.filter(assembly_id__in=assembly_ids)}


def _with_videos(
    jobs: Sequence[RunningJob], videos: dict[str, Video]
) -> list[tuple[RunningJob, Video | None]]:
    """Jobs, each with its video. None for an Assembly that is of no video of ours."""
    return [(job, videos.get(job.assembly_id)) for job in jobs]
