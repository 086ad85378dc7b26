"""Checks that the private bucket does all we need, and that nobody else can read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cattube.doctor.bucket.bucket import TIMEOUT_SECONDS, Bucket
from cattube.doctor.bucket.sample_object import NotAsS3, SampleObject, new_sample
from cattube.doctor.finding import Finding, failed, ok, skipped, warning

PRIVACY, DELETE = "Bucket privacy", "Bucket delete"
STEPS: tuple[tuple[str, str, Callable[[SampleObject], str]], ...] = (
    ("Bucket write", "writeFiles", SampleObject.put),
    ("Bucket read", "readFiles", SampleObject.get),
    ("Bucket ranges", "readFiles", SampleObject.get_range),
    ("Bucket multipart", "writeFiles", SampleObject.send_in_parts),
)


def check_round_trip(bucket: Bucket) -> Iterator[Finding]:
    """Check that the bucket can write, read, read a part, write in parts, keep others out, and delete."""
    sample = new_sample(bucket)
    for name, capability, step in STEPS:
        finding = _step_finding(sample, name, capability, step)
        yield finding
        if finding.fix and step is SampleObject.put:
            yield skipped(PRIVACY, "There is no object to try it on.")
            return
    yield check_privacy(bucket, sample.object_key)
    yield _step_finding(sample, DELETE, "deleteFiles", SampleObject.delete)


def _step_finding(
    sample: SampleObject, name: str, capability: str, step: Callable[[SampleObject], str]
) -> Finding:
    try:
        return ok(name, step(sample))
    except NotAsS3 as error:
        return failed(name, f"The service is not as it should be: {error}.", "Use a service that speaks S3.")
    except sample.bucket.errors as error:
        return sample.bucket.refused(name, error, capability)


def check_privacy(bucket: Bucket, object_key: str) -> Finding:
    """Check that without a key neither the object nor the list of objects can be read."""
    import httpx

    try:
        answers = [httpx.get(bucket.url(key), timeout=TIMEOUT_SECONDS) for key in (object_key, "")]
    except httpx.HTTPError as error:
        return warning(PRIVACY, f"It could not be tried ({type(error).__name__}).", "Try again later.")
    if any(answer.is_success for answer in answers):
        return failed(
            PRIVACY,
            f"Anybody can read {bucket.name} without a key.",
            "Set the bucket to private at once; links to videos work in a private bucket.",
        )
    return ok(PRIVACY, "Without a key nobody can read it.")
