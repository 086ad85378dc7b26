"""Which checks there are, for the settings as they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings

from cattube.doctor import bucket, bucket_cors, machine
from cattube.doctor.bucket import Bucket
from cattube.doctor.engine import EngineExamination, reported_to
from cattube.doctor.finding import Check, Finding, Verdict, run, warning
from cattube.doctor.static_bucket import static_files
from cattube.processing.transloadit.account import account
from cattube.processing.transloadit.client import engine, internal_address
from cattube.storage import s3_client as client
from cattube.storage.cors import cors_rule, page_origins, public_cors_rule


def examine() -> Iterator[Finding]:
    """All that can be looked at while the site runs."""
    yield from run([machine.database, machine.disk])
    yield from _bucket() if settings.AWS_PRIVATE_BUCKET_NAME else machine.bucket_folder()
    yield from run([lambda: static_files(origin=page_origins()[0]), _engine().run])


def examine_before_start() -> Iterator[Finding]:
    """What has to be right before anything is started: what we are refused now, we are refused later."""
    checks: list[Check] = [machine.disk]
    if settings.AWS_PRIVATE_BUCKET_NAME:
        checks.append(lambda: bucket.access(private_bucket(), unreachable=warning))
    yield from run(checks)


def private_bucket() -> Bucket:
    return Bucket(client.account(), settings.AWS_PRIVATE_BUCKET_NAME)


def mend() -> list[str]:
    """Write what can be written, the CORS rules of the buckets; what became of each, in a sentence."""
    rules = {
        settings.AWS_PRIVATE_BUCKET_NAME: cors_rule(page_origins()),
        settings.AWS_STORAGE_BUCKET_NAME: public_cors_rule(),
    }
    told = [_mended(name, rule) for name, rule in rules.items() if name]
    return told or ["Nothing to fix: there is no bucket."]


def _mended(name: str, rule: dict[str, Any]) -> str:
    bucket = Bucket(client.account(), name)
    try:
        bucket_cors.write_rule(bucket, rule)
    except bucket.errors as error:
        return f"The CORS rule of {name} could not be written: {error}"
    return f"The CORS rule of {name} was written."


def _bucket() -> Iterator[Finding]:
    ours = private_bucket()
    is_open = True
    for finding in bucket.access(ours):
        yield finding
        is_open = is_open and finding.verdict is not Verdict.FAILED
    if not is_open:
        return
    yield from bucket.round_trip(ours)
    yield from bucket_cors.cors(
        ours, origins=page_origins(), is_needed=getattr(settings, "UPLOAD_TO", "engine") == "bucket"
    )


def _engine() -> EngineExamination:
    address = internal_address()
    return EngineExamination(
        engine=engine(),
        address=address,
        account=account(),
        template_id=settings.TRANSLOADIT_TEMPLATE_ID,
        site=reported_to(address),
    )
