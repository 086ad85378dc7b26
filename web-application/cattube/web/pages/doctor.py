"""The doctor's page in the administration."""

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from cattube.doctor.checks import examine, mend
from cattube.doctor.finding import has_failed


@require_http_methods(["GET", "POST"])
def doctor(request: HttpRequest) -> HttpResponse:
    """What `manage.py doctor` says, for administrators. Looking writes to the bucket, so it takes a POST."""
    if not request.user.is_superuser:
        raise PermissionDenied
    is_asked = request.method == "POST"
    mended = mend() if is_asked and "fix" in request.POST else []
    findings = list(examine()) if is_asked else []
    context = {
        **admin.site.each_context(request),
        "title": "Doctor",
        "findings": findings,
        "has_failed": has_failed(findings),
        "mended": mended,
        "bucket": settings.AWS_PRIVATE_BUCKET_NAME,
    }
    return render(request, "admin/doctor.html", context)
