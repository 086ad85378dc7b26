"""CORS rules of the buckets, one each, as data."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings

RULE_ID = "cattube"
METHODS = ("GET", "HEAD", "PUT")
# A part of an upload is known by its ETag, and a player seeks by ranges.
EXPOSED = ("ETag", "Content-Length", "Content-Range", "Accept-Ranges")
ALLOWED = ("content-type", "range", "if-range", "if-none-match")
MAX_AGE_SECONDS = 3600


def cors_rule(origins: Sequence[str]) -> dict[str, Any]:
    """Rule that lets pages of these origins upload to the private bucket and play from it.

    It is one of the `CORSRules` of S3's PutBucketCors. No request carries cookies; each is presigned.
    """
    return {
        "ID": RULE_ID,
        "AllowedOrigins": list(origins),
        "AllowedMethods": list(METHODS),
        "AllowedHeaders": list(ALLOWED),
        "ExposeHeaders": list(EXPOSED),
        "MaxAgeSeconds": MAX_AGE_SECONDS,
    }


def public_cors_rule() -> dict[str, Any]:
    """Rule that lets pages of any origin load scripts and fonts from the public bucket."""
    return {
        "ID": RULE_ID,
        "AllowedOrigins": ["*"],
        "AllowedMethods": ["GET", "HEAD"],
        "MaxAgeSeconds": MAX_AGE_SECONDS,
    }


def page_origins() -> list[str]:
    """Origins of this site's pages by the settings: SITE_URL, else the loopback addresses."""
    if settings.SITE_URL:
        return [settings.SITE_URL]
    return [f"http://{host}:{settings.WEB_PORT}" for host in ("127.0.0.1", "localhost")]
