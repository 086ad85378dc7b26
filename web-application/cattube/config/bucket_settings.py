"""Values that follow from several settings about buckets. Pure."""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from cattube.config.environment import origin_in

B2_HOST = re.compile(r"s3\.([a-z0-9-]+)\.backblazeb2\.com")
# Servers without regions expect requests to be signed for this one.
ANY_REGION = "us-east-1"


def origin_of(name: str, text: str) -> str:
    """Scheme, host and port of the setting `name`; "" when it is not set.

    A host alone means https: consoles show it so. Raises ImproperlyConfigured.
    """
    if not text:
        return ""
    origin = origin_in(text if "://" in text else f"https://{text}")
    if not origin:
        raise ImproperlyConfigured(f"{name}={text}: expected a host, or an address like https://host")
    return origin


def endpoint(address: str, region: str) -> str:
    """Address of the S3 endpoint: the one set, else that of Backblaze B2 in this region."""
    return address or (f"https://s3.{region}.backblazeb2.com" if region else "")


def region_of(region: str, endpoint_url: str) -> str:
    """Region that requests are signed for: the one set, else the one in the endpoint's name."""
    match = B2_HOST.fullmatch(urlsplit(endpoint_url).hostname or "")
    return region or (match[1] if match else ANY_REGION)


def require_complete_account(buckets: dict[str, str], needed: dict[str, str]) -> None:
    """Raise ImproperlyConfigured when a bucket is set without all that is needed to reach it.

    buckets, needed: values by the name of their setting.
    """
    bucket = next((name for name, text in buckets.items() if text), None)
    missing = [name for name, text in needed.items() if not text]
    if bucket and missing:
        raise ImproperlyConfigured(f"{bucket} is set without {' and '.join(missing)}: set all or none.")
    private, public = buckets.values()
    if private and private == public:
        both = " and ".join(buckets)
        raise ImproperlyConfigured(f"{both} name the same bucket: videos would lie in a public one.")
