"""Check of the proxy before the site."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import Error
from django.utils import timezone

from cattube.accounts.models import ProxySighting
from cattube.doctor.finding import Finding, ok, skipped, warning

PROXY = "Proxy"
REMEMBERED = timedelta(days=7)


def check_proxy() -> Iterator[Finding]:
    """Check that a proxy which tells where visitors come from is believed."""
    if settings.TRUST_PROXY:
        yield ok(PROXY, "TRUST_PROXY is true: addresses of visitors are those that the proxy names.")
        return
    try:
        sighting = ProxySighting.objects.filter(seen_at__gt=timezone.now() - REMEMBERED).first()
    except Error:
        yield skipped(PROXY, "Not looked at: the database has to work first.")
        return
    if sighting is None:
        yield ok(PROXY, "No proxy has been seen before the site.")
        return
    sentence = (
        f"Requests come through a proxy at {sighting.address} ({sighting.header}, last seen "
        f"{sighting.seen_at:%Y-%m-%d %H:%M} UTC), and TRUST_PROXY is false. So all visitors have one "
        "address, and limits for logins count them as one."
    )
    fix = "If the proxy is yours and sets X-Forwarded-For and X-Forwarded-Proto itself, set TRUST_PROXY=true."
    yield warning(PROXY, sentence, fix)
