"""The operator's bucket in place of the folder: at the start, in a job, and when it does not answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from servers.faults import Faults, Refusal, always, none
from servers.s3_server import S3Server

from cattube_worker.settings import SettingsError
from cattube_worker.storage.default_bucket import BAD_FOR_SECONDS, GOOD_FOR_SECONDS, SWEEP_SECONDS

from ..conftest import STORE_ORIGINAL, TestEngine, files_below, open_test_engine

AWAY = Refusal(503, "ServiceUnavailable")


def settings(server: S3Server, bucket: str) -> dict[str, Any]:
    return {
        "bucket_name": bucket,
        "b2_endpoint_url": server.endpoint_url,
        "b2_application_key_id": server.key_id,
        "b2_application_key": server.secret,
    }


def degraded(engine: TestEngine) -> dict[str, str]:
    """Reasons in /healthz by the part that does not work."""
    answer = engine.client.get("/healthz").get_json()
    reasons: dict[str, str] = answer["degraded"]
    return reasons


@pytest.fixture
def bucket_engine(
    s3_faults: Faults, s3_bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TestEngine]:
    """An engine with a bucket, for which the store does not wait."""
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    engine = open_test_engine(tmp_path, **settings(s3_faults.server, s3_bucket))
    s3_faults.calls.clear()
    yield engine
    engine.close()


def test_d46_results_lie_in_the_bucket_and_their_urls_serve_nobody(
    bucket_engine: TestEngine, s3_server: S3Server, s3_bucket: str
) -> None:
    assembly = bucket_engine.assembly(steps=STORE_ORIGINAL)
    bucket_engine.upload(assembly, b"meow")
    bucket_engine.work()

    status = bucket_engine.status(assembly)
    (result,) = status["results"][":original"]
    key = f":original/{assembly['assembly_id']}/cat.txt"
    head = s3_server.client.head_object(Bucket=s3_bucket, Key=key)
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert head["ContentType"] == "text/plain"
    assert "immutable" in head["CacheControl"]
    assert result["url"].endswith(f"/{s3_bucket}/{quote(key)}")
    assert httpx.get(result["url"]).status_code in {400, 401, 403}
    assert files_below(bucket_engine.settings.bucket_dir) == []


def test_urls_lead_to_the_cdn_that_the_operator_names(
    s3_server: S3Server, s3_bucket: str, tmp_path: Path
) -> None:
    engine = open_test_engine(
        tmp_path, **settings(s3_server, s3_bucket), bucket_custom_domain="cdn.example.com"
    )
    assembly = engine.assembly(steps=STORE_ORIGINAL)
    engine.upload(assembly, b"meow")
    engine.work()

    (result,) = engine.status(assembly)["results"][":original"]
    engine.close()

    assert result["url"].startswith(f"https://cdn.example.com/{s3_bucket}/%3Aoriginal/")


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"b2_application_key": "canary"}, "B2_APPLICATION_KEY"),
        ({"b2_application_key_id": "cat:nobody"}, "B2_APPLICATION_KEY_ID"),
        ({"bucket_name": "no-such-bucket-of-cats"}, "BUCKET_NAME=no-such-bucket-of-cats"),
    ],
)
def test_s07_wrong_credentials_stop_the_start_in_clear_words(
    s3_server: S3Server, s3_bucket: str, tmp_path: Path, wrong: dict[str, str], name: str
) -> None:
    with pytest.raises(SettingsError, match=name) as caught:
        open_test_engine(tmp_path, **settings(s3_server, s3_bucket) | wrong)

    assert "canary" not in str(caught.value)


def test_s07_a_bucket_that_is_away_degrades_the_engine_until_it_is_back(
    s3_faults: Faults, s3_bucket: str, tmp_path: Path
) -> None:
    s3_faults.rule = always(AWAY)
    engine = open_test_engine(tmp_path, **settings(s3_faults.server, s3_bucket))

    assert "bucket" in degraded(engine)
    s3_faults.rule = none
    assert "bucket" in degraded(engine)
    engine.clock.advance(BAD_FOR_SECONDS)
    assert "bucket" not in degraded(engine)
    engine.close()


def test_health_asks_the_bucket_seldom(bucket_engine: TestEngine, s3_faults: Faults) -> None:
    for _ in range(20):
        assert "bucket" not in degraded(bucket_engine)
    assert s3_faults.calls == []

    bucket_engine.clock.advance(GOOD_FOR_SECONDS)
    s3_faults.rule = always(AWAY)

    assert "could not be reached" in degraded(bucket_engine)["bucket"]
    assert len(s3_faults.calls) == 1


def test_s07_a_job_outlasts_a_bucket_that_is_away_and_loses_nothing(
    bucket_engine: TestEngine, s3_faults: Faults, s3_server: S3Server, s3_bucket: str
) -> None:
    s3_faults.rule = always(AWAY)
    assembly = bucket_engine.assembly(steps=STORE_ORIGINAL)
    bucket_engine.upload(assembly, b"meow")
    bucket_engine.work()
    assert bucket_engine.status(assembly)["ok"] == "ASSEMBLY_EXECUTING"
    s3_faults.rule = none

    bucket_engine.clock.advance(timedelta(hours=1).total_seconds())
    bucket_engine.work()

    assert bucket_engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    (item,) = s3_server.client.list_objects_v2(Bucket=s3_bucket)["Contents"]
    assert item["Size"] == 4


def test_s08_abandoned_uploads_are_swept_once_an_hour(
    bucket_engine: TestEngine, s3_faults: Faults, s3_server: S3Server, s3_bucket: str
) -> None:
    bucket = bucket_engine.parts.foundation.default_bucket
    assert bucket is not None
    s3_server.client.create_multipart_upload(Bucket=s3_bucket, Key="cat")
    bucket_engine.clock.now = 1_000_000.0  # long before the upload began
    bucket.sweep()
    assert s3_server.unfinished(s3_bucket) == ["cat"]
    calls = len(s3_faults.calls)

    bucket_engine.clock.advance(SWEEP_SECONDS - 1)
    bucket.sweep()
    assert len(s3_faults.calls) == calls
    bucket_engine.clock.now = 4_000_000_000.0
    bucket.sweep()

    assert s3_server.unfinished(s3_bucket) == []
