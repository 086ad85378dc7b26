"""Checks that the private bucket opens with our key, and that its service and we have the same time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

from cattube.doctor.bucket.bucket import Bucket
from cattube.doctor.bucket.refusals import refusal
from cattube.doctor.finding import Finding, Problem, failed, ok, skipped, warning

ACCESS, CLOCK = "Bucket key", "Clock"
SKEW_TO_MENTION_SECONDS, SKEW_TO_REFUSE_SECONDS = 30, 300


def check_access(bucket: Bucket, *, unreachable: Problem = failed) -> Iterator[Finding]:
    """Check that the bucket opens with the key, and that both clocks agree.

    unreachable: kind of finding when the service gives no clear answer, which may be different in a moment.
    """
    try:
        # Not HEAD: its answer has no body, and so not the reason either.
        answer = bucket.client.list_objects_v2(Bucket=bucket.name, MaxKeys=1)
    except bucket.errors as error:
        why = refusal(error, endpoint_url=bucket.account.endpoint_url, capability="listFiles")
        problem = failed if why.is_final else unreachable
        yield problem(ACCESS, why.sentence, why.fix)
        return
    yield ok(ACCESS, f"{bucket.name} at {bucket.account.endpoint_url} opens with the key.")
    yield from check_clock(answer["ResponseMetadata"]["HTTPHeaders"].get("date", ""), now=time.time())


def check_clock(date: str, *, now: float) -> Iterator[Finding]:
    """Check that this machine's clock is right. date: an HTTP date header. now: seconds since the epoch."""
    try:
        skew_seconds = now - parsedate_to_datetime(date).timestamp()
    except (TypeError, ValueError):
        yield skipped(CLOCK, "The service did not tell the time.")
        return
    sentence = f"This machine's clock is {abs(skew_seconds):.0f} s off the service's."
    fix = "Set the clock; better, have it kept right by NTP."
    if abs(skew_seconds) > SKEW_TO_REFUSE_SECONDS:
        yield failed(CLOCK, sentence, fix)
    elif abs(skew_seconds) > SKEW_TO_MENTION_SECONDS:
        yield warning(CLOCK, sentence, fix)
    else:
        yield ok(CLOCK, sentence)
