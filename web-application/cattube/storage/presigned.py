"""Presigned URLs that read one object of a bucket. Pure.

boto3 could make them, at a hundred times the cost and with the time of each call in them. A library page has
a hundred thumbnails, and a browser finds one in its cache only under the same URL.
Source: AWS, "Authenticating Requests: Using Query Parameters (Signature Version 4)".
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote, urlsplit

from cattube.storage.s3_client import BucketAccount

ALGORITHM = "AWS4-HMAC-SHA256"


def presigned_url(
    account: BucketAccount,
    *,
    bucket: str,
    object_key: str,
    origin: str,
    signed_at: datetime,
    lifetime_seconds: int,
    answer: Mapping[str, str],
) -> str:
    """URL that gives the object by GET until `lifetime_seconds` after `signed_at`.

    origin: of the endpoint as browsers reach it; a CDN there asks the endpoint under the endpoint's own name.
    signed_at: in UTC. answer: headers of the answer, as S3's `response-…` parameters.
    """
    moment = signed_at.strftime("%Y%m%dT%H%M%SZ")
    scope = f"{moment[:8]}/{account.region}/s3/aws4_request"
    path = quote(f"/{bucket}/{object_key}")
    query = _query(
        {
            **answer,
            "X-Amz-Algorithm": ALGORITHM,
            "X-Amz-Credential": f"{account.key_id}/{scope}",
            "X-Amz-Date": moment,
            "X-Amz-Expires": str(lifetime_seconds),
            "X-Amz-SignedHeaders": "host",
        }
    )
    host = urlsplit(account.endpoint_url).netloc
    request = f"GET\n{path}\n{query}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD"
    text = f"{ALGORITHM}\n{moment}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    key = _signing_key(account.secret, moment[:8], account.region)
    return f"{origin}{path}?{query}&X-Amz-Signature={_hmac(key, text).hex()}"


def _query(parameters: Mapping[str, str]) -> str:
    return "&".join(f"{name}={quote(text, safe='')}" for name, text in sorted(parameters.items()))


@lru_cache(maxsize=8)
def _signing_key(secret: str, day: str, region: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for text in (day, region, "s3", "aws4_request"):
        key = _hmac(key, text)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
