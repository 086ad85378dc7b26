"""Checks that pages of this site may upload to the private bucket and play from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from cattube.doctor.bucket.bucket import TIMEOUT_SECONDS, Bucket
from cattube.doctor.bucket.sample_object import SAMPLE_BYTES, NotAsS3, new_sample
from cattube.doctor.finding import Finding, failed, ok, skipped, warning
from cattube.storage.cors import RULE_ID
from cattube.storage.s3_errors import code_of

CORS, ETAG = "Bucket CORS", "ETag exposed"
CALLS = {"GET": "get_object", "PUT": "put_object"}
FIX = "Run: python manage.py doctor --fix"


def check_cors(bucket: Bucket, *, origins: Sequence[str], is_needed: bool) -> Iterator[Finding]:
    """Check the CORS rule as a browser does.

    is_needed: pages send files to the bucket. Without that only some players need the rule.
    """
    import httpx

    problem = failed if is_needed else warning
    try:
        refused = [origin for origin in origins if not _allows(bucket, origin)]
        exposed = _exposed(bucket, origins[0])
    except httpx.HTTPError as error:
        yield skipped(CORS, f"It could not be tried ({type(error).__name__}).")
        return
    if refused:
        yield problem(CORS, f"The bucket does not let pages of {', '.join(refused)} in.", FIX)
        return
    yield ok(CORS, f"The bucket lets pages of {', '.join(origins)} in.")
    if exposed & {"etag", "*"}:
        yield ok(ETAG, "Pages can read the ETag of the parts they send.")
    else:
        yield problem(ETAG, "Pages cannot read the ETag of the parts they send.", FIX)


def write_rule(bucket: Bucket, rule: dict[str, Any]) -> None:
    """Write our rule to the bucket; rules of others stay. Raises boto_errors()."""
    others = [other for other in _rules(bucket) if other.get("ID") != RULE_ID]
    bucket.client.put_bucket_cors(Bucket=bucket.name, CORSConfiguration={"CORSRules": [*others, rule]})


def _rules(bucket: Bucket) -> list[dict[str, Any]]:
    try:
        return list(bucket.client.get_bucket_cors(Bucket=bucket.name)["CORSRules"])
    except bucket.client.exceptions.ClientError as error:
        if code_of(error) == "NoSuchCORSConfiguration":
            return []
        raise


def _allows(bucket: Bucket, origin: str) -> bool:
    import httpx

    for method, call in CALLS.items():
        url = _presigned(bucket, call, Key="doctor/probe.mp4")
        headers = {"Origin": origin, "Access-Control-Request-Method": method}
        answer = httpx.options(url, headers=headers, timeout=TIMEOUT_SECONDS)
        allowed = answer.headers.get("Access-Control-Allow-Origin")
        methods = answer.headers.get("Access-Control-Allow-Methods", "")
        if not answer.is_success or allowed not in (origin, "*") or method not in methods:
            return False
    return True


def _exposed(bucket: Bucket, origin: str) -> set[str]:
    """Names of headers, in small letters, that a page may read of the answer when it sends a file."""
    import httpx

    sample = new_sample(bucket)
    url = _presigned(bucket, "put_object", Key=sample.object_key)
    try:
        answer = httpx.put(url, content=SAMPLE_BYTES, headers={"Origin": origin}, timeout=TIMEOUT_SECONDS)
    finally:
        with suppress(NotAsS3, *bucket.errors):
            sample.delete()
    names = answer.headers.get("Access-Control-Expose-Headers", "")
    return {name.strip().lower() for name in names.split(",")}


def _presigned(bucket: Bucket, call: str, **more: Any) -> str:
    parameters = {"Bucket": bucket.name, **more}
    return str(bucket.client.generate_presigned_url(call, Params=parameters, ExpiresIn=60))
