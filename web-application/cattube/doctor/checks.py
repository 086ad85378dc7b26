"""Checks to run, by the settings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings

from cattube.doctor import machine
from cattube.doctor.bucket.access import check_access
from cattube.doctor.bucket.bucket import Bucket
from cattube.doctor.bucket.cors import check_cors, write_rule
from cattube.doctor.bucket.round_trip import check_round_trip
from cattube.doctor.bucket.static_files import check_static_files
from cattube.doctor.engine.engine_check import EngineCheck
from cattube.doctor.finding import Check, Finding, has_failed, run, warning
from cattube.doctor.front import check_front
from cattube.doctor.hosts import check_hosts_of_engine
from cattube.doctor.proxy import check_proxy
from cattube.doctor.queues import check_queues
from cattube.processing.transloadit.account import engine_account
from cattube.processing.transloadit.addresses import callback_origin, internal_address
from cattube.processing.transloadit.client import engine_client
from cattube.storage.cors import cors_rule, page_origins, public_cors_rule
from cattube.storage.s3_client import bucket_account


def run_checks() -> Iterator[Finding]:
    """Findings of all checks that can be made while the site runs."""
    yield from run([machine.version, machine.check_database, machine.check_disk])
    yield from _bucket() if settings.AWS_PRIVATE_BUCKET_NAME else machine.check_bucket_folder()
    yield from run([lambda: check_static_files(origin=page_origins()[0]), _engine_check().run])
    front = f"http://127.0.0.1:{settings.WEB_PORT}"
    yield from run([check_hosts_of_engine, check_queues, check_proxy, lambda: check_front(front)])


def run_checks_before_start() -> Iterator[Finding]:
    """Findings about what has to be right before anything is started."""
    checks: list[Check] = [machine.check_disk]
    if settings.AWS_PRIVATE_BUCKET_NAME:
        checks.append(lambda: check_access(private_bucket(), unreachable=warning))
    yield from run(checks)


def private_bucket() -> Bucket:
    return Bucket(bucket_account(), settings.AWS_PRIVATE_BUCKET_NAME)


def private_bucket_opens() -> bool:
    """True when the private bucket opens with the key."""
    return not has_failed(check_access(private_bucket()))


def write_cors_rules() -> list[str]:
    """Write the CORS rules of the buckets. Returns a sentence about each."""
    rules = {
        settings.AWS_PRIVATE_BUCKET_NAME: cors_rule(page_origins()),
        settings.AWS_STORAGE_BUCKET_NAME: public_cors_rule(),
    }
    sentences = [_write_cors_rule(name, rule) for name, rule in rules.items() if name]
    return sentences or ["Nothing to fix: there is no bucket."]


def _write_cors_rule(name: str, rule: dict[str, Any]) -> str:
    bucket = Bucket(bucket_account(), name)
    try:
        write_rule(bucket, rule)
    except bucket.errors as error:
        return f"The CORS rule of {name} could not be written: {error}"
    return f"The CORS rule of {name} was written."


def _bucket() -> Iterator[Finding]:
    bucket = private_bucket()
    findings = []
    for finding in check_access(bucket):
        findings.append(finding)
        yield finding
    if has_failed(findings):
        return
    yield from check_round_trip(bucket)
    yield from check_cors(bucket, origins=page_origins(), is_needed=settings.UPLOAD_TO == "bucket")


def _engine_check() -> EngineCheck:
    address = internal_address()
    return EngineCheck(
        engine=engine_client(),
        address=address,
        account=engine_account(),
        template_id=settings.TRANSLOADIT_TEMPLATE_ID,
        site=callback_origin(address, port=settings.WEB_PORT),
        is_public=settings.SITE_URL.startswith("https://"),
    )
