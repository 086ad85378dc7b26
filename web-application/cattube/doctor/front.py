"""Check of what stands between slow visitors and the threads of the site."""

from collections.abc import Iterator

import httpx
from django.conf import settings

from cattube.doctor.finding import Finding, ok, skipped, warning

FRONT = "Front"
PATIENCE_SECONDS = 5


def check_front(site: str) -> Iterator[Finding]:
    """Check that nginx or Apache answers visitors, or another server that sends files.

    site: origin on this machine.
    """
    if not settings.SENDS_FILES_ITSELF:
        server = "Apache" if settings.APACHE_SENDS_FILES else "nginx"
        yield ok(FRONT, f"{server} sends the files, so that slow viewers cost the site no thread.")
        return
    try:
        server = httpx.get(f"{site}/healthz", timeout=PATIENCE_SECONDS).headers.get("Server", "")
    except httpx.HTTPError:
        yield skipped(FRONT, f"Nothing answers at {site}.")
        return
    if not server.startswith("gunicorn"):
        yield ok(FRONT, f"Visitors are answered by {server or 'another server'} at {site}.")
        return
    sentence = (
        f"The site answers visitors itself, with {settings.WEB_THREADS} threads. As many who pause a video, "
        "or never end their request, stop it."
    )
    fix = (
        "Start with `make run` where nginx can be had; its log says why there is none. Or let a proxy of "
        "yours hold visitors and send the files, as docs/install.md shows."
    )
    yield warning(FRONT, sentence, fix)
