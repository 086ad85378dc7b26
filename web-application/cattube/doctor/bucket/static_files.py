"""Check that browsers get static files from the public bucket."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin

from django.conf import settings
from django.templatetags.static import static

from cattube.doctor.bucket.bucket import TIMEOUT_SECONDS
from cattube.doctor.finding import Finding, failed, ok, skipped

STATIC = "Static files"
COLLECT = "Run: python manage.py collectstatic"
SAMPLE = "favicon.svg"


def check_static_files(*, origin: str) -> Iterator[Finding]:
    """Fetch one file as a page of `origin` does, which needs a CORS rule for scripts and fonts."""
    import httpx

    if not settings.AWS_STORAGE_BUCKET_NAME:
        yield skipped(STATIC, "The site serves them itself; AWS_STORAGE_BUCKET_NAME is not set.")
        return
    try:
        url = urljoin(f"{origin}/", static(SAMPLE))
        answer = httpx.get(url, headers={"Origin": origin}, timeout=TIMEOUT_SECONDS)
    except (ValueError, OSError) as error:  # not in the manifest, or no manifest to look into
        yield failed(STATIC, f"They were not collected into the bucket ({error}).", COLLECT)
        return
    except httpx.HTTPError as error:
        yield failed(STATIC, f"The bucket does not answer ({type(error).__name__}).", "Check its settings.")
        return
    yield _finding(answer.status_code, answer.headers.get("Access-Control-Allow-Origin", ""), origin, url)


def _finding(http_status: int, allowed_origin: str, origin: str, url: str) -> Finding:
    if http_status in (401, 403):
        return failed(
            STATIC, f"{url} is not for everybody.", "Set AWS_STORAGE_BUCKET_NAME's bucket to public."
        )
    if http_status != 200:
        return failed(STATIC, f"{url} answers {http_status}.", COLLECT)
    if allowed_origin not in (origin, "*"):
        fix = "Run: python manage.py doctor --fix"
        return failed(STATIC, f"Scripts and fonts from the bucket are refused to pages of {origin}.", fix)
    return ok(STATIC, "Browsers get them from the public bucket.")
