"""Page of the doctor in the administration."""

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from cattube.doctor.checks import run_checks, write_cors_rules
from cattube.doctor.finding import has_failed


@require_http_methods(["GET", "POST"])
def doctor(request: HttpRequest) -> HttpResponse:
    """Findings of `manage.py doctor`, for administrators. The checks write to the bucket: only on POST."""
    if not request.user.is_superuser:
        raise PermissionDenied
    is_post = request.method == "POST"
    rules_written = write_cors_rules() if is_post and "fix" in request.POST else []
    findings = list(run_checks()) if is_post else []
    context = {
        **admin.site.each_context(request),
        "title": "Doctor",
        "findings": findings,
        "has_failed": has_failed(findings),
        "rules_written": rules_written,
        "bucket": settings.AWS_PRIVATE_BUCKET_NAME,
    }
    return render(request, "admin/doctor.html", context)
