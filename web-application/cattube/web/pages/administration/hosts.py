"""Page of the administration about the hosts that work for our engine."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cattube.doctor.finding import Verdict
from cattube.doctor.hosts import check_hosts, load_of_engine
from cattube.processing.transloadit.client import EngineUnreachable
from cattube.processing.transloadit.hosts import Host, RunningJob
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
    findings = check_hosts(load) if load else []
    context = {
        **admin.site.each_context(request),
        "title": "Hosts",
        "load": load,
        "reason": reason,
        "problems": [finding for finding in findings if finding.verdict in (Verdict.WARNING, Verdict.FAILED)],
        "hosts": _with_videos(load.hosts) if load else [],
    }
    return render(request, "admin/hosts.html", context)


def _with_videos(hosts: tuple[Host, ...]) -> list[tuple[Host, list[tuple[RunningJob, Video | None]]]]:
    """Hosts, each with its jobs and their videos. None for an Assembly that is of no video of ours."""
    running = {job.assembly_id for host in hosts for job in host.running}
    videos = {video.assembly_id: video for video in Video.objects.filter(assembly_id__in=running)}
    return [(host, [(job, videos.get(job.assembly_id)) for job in host.running]) for host in hosts]
