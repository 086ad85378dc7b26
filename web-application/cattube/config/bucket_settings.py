"""What the settings about buckets mean together. Pure."""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

B2_HOST = re.compile(r"s3\.([a-z0-9-]+)\.backblazeb2\.com")
# What servers that know no regions expect to be signed for.
ANY_REGION = "us-east-1"


def origin_of(name: str, text: str) -> str:
    """Scheme, host and port; consoles show the host alone, and mean https. "" when not set.

    Raises ImproperlyConfigured.
    """
    if not text:
        return ""
    parts = urlsplit(text if "://" in text else f"https://{text}")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ImproperlyConfigured(f"{name}={text}: expected a host, or an address like https://host")
    return f"{parts.scheme}://{parts.netloc}"


def endpoint(given: str, region: str) -> str:
    """Where the buckets are: as given, else where Backblaze B2 has this region."""
    return given or (f"https://s3.{region}.backblazeb2.com" if region else "")


def region_of(given: str, endpoint_url: str) -> str:
    """What requests are signed for: as given, else what the endpoint's name tells."""
    match = B2_HOST.fullmatch(urlsplit(endpoint_url).hostname or "")
    return given or (match[1] if match else ANY_REGION)


def refuse_half(buckets: dict[str, str], needed: dict[str, str]) -> None:
    """Raise ImproperlyConfigured when a bucket is named without all that is needed to reach it.

    buckets, needed: what is set, by setting.
    """
    named = next((name for name, text in buckets.items() if text), None)
    missing = [name for name, text in needed.items() if not text]
    if named and missing:
        raise ImproperlyConfigured(f"{named} is set without {' and '.join(missing)}: set all or none.")
    private, public = buckets.values()
    if private and private == public:
        both = " and ".join(buckets)
        raise ImproperlyConfigured(f"{both} name the same bucket: videos would lie in a public one.")
