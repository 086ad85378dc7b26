"""The doctor at a real S3 server: what is right, and each thing that can be wrong."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

import pytest
from pytest_django import Settings
from servers.faults import CAP_REACHED, Faults, Refusal, always
from servers.s3_server import S3Server

from cattube.doctor.bucket.access import check_access, check_clock
from cattube.doctor.bucket.bucket import Bucket
from cattube.doctor.bucket.cors import check_cors, write_rule
from cattube.doctor.bucket.round_trip import check_privacy, check_round_trip
from cattube.doctor.checks import write_cors_rules
from cattube.doctor.finding import Finding, Verdict, warning
from cattube.storage.cors import cors_rule
from cattube.storage.s3_client import BucketAccount

ORIGIN = "http://127.0.0.1:8000"


def account_of(server: S3Server, **changes: str) -> BucketAccount:
    account = {
        "endpoint_url": server.endpoint_url,
        "region": server.region,
        "key_id": server.key_id,
        "secret": server.secret,
    }
    return BucketAccount(**{**account, **changes})


@pytest.fixture
def ours(s3_server: S3Server, s3_bucket: str) -> Bucket:
    return Bucket(account_of(s3_server), s3_bucket)


def verdicts(findings: Iterable[Finding]) -> dict[str, str]:
    return {finding.name: finding.verdict.value for finding in findings}


def test_bucket_that_is_right_passes_every_check_and_is_left_as_it_was(
    s3_server: S3Server, ours: Bucket
) -> None:
    results = verdicts([*check_access(ours), *check_round_trip(ours)])

    assert set(results.values()) == {"ok"}
    assert set(results) == {
        *("Bucket key", "Clock", "Bucket write", "Bucket read", "Bucket ranges", "Bucket multipart"),
        *("Bucket privacy", "Bucket delete"),
    }
    assert s3_server.versions(ours.name) == []
    assert s3_server.unfinished(ours.name) == []


def test_bucket_that_only_hides_what_is_deleted_is_emptied_all_the_same(
    s3_server: S3Server, b2_bucket: str
) -> None:
    ours = Bucket(account_of(s3_server), b2_bucket)

    assert verdicts(check_round_trip(ours))["Bucket delete"] == "ok"
    assert s3_server.versions(b2_bucket) == []


@pytest.mark.parametrize(
    ("changes", "name", "words"),
    [
        pytest.param({"secret": "wrong"}, None, "does not belong", id="secret"),
        pytest.param({}, "no-such-bucket-of-ours", "no such bucket", id="bucket"),
        pytest.param({"endpoint_url": "http://127.0.0.1:9"}, None, "Nothing that speaks S3", id="address"),
    ],
)
def test_wrong_setting_is_named_with_what_to_do_s07(
    s3_server: S3Server, ours: Bucket, changes: dict[str, str], name: str | None, words: str
) -> None:
    wrong = Bucket(account_of(s3_server, **changes), name or ours.name)

    (finding,) = check_access(wrong)

    assert finding.verdict is Verdict.FAILED
    assert words in finding.sentence
    assert finding.fix


def test_service_that_is_down_does_not_stop_a_start_but_a_refusal_does(
    s3_server: S3Server, ours: Bucket
) -> None:
    down = Bucket(account_of(s3_server, endpoint_url="http://127.0.0.1:9"), ours.name)
    refused = Bucket(account_of(s3_server, secret="wrong"), ours.name)

    assert verdicts(check_access(down, unreachable=warning)) == {"Bucket key": "warning"}
    assert verdicts(check_access(refused, unreachable=warning)) == {"Bucket key": "failed"}


def test_bucket_that_anybody_can_read_is_found_s03(
    s3_server: S3Server, ours: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3_server.client.put_object(Bucket=ours.name, Key="cat", Body=b"meow")
    link = s3_server.client.generate_presigned_url("get_object", Params={"Bucket": ours.name, "Key": "cat"})
    monkeypatch.setattr(Bucket, "url", lambda *_: link)

    finding = check_privacy(ours, "cat")

    assert finding.verdict is Verdict.FAILED
    assert "Set the bucket to private" in finding.fix


def test_service_without_ranges_is_found(ours: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = ours.client.get_object

    def get_object(**names: str) -> object:
        names.pop("Range", None)
        return whole(**names)

    monkeypatch.setattr(ours.client, "get_object", get_object)

    results = verdicts(check_round_trip(ours))

    assert results["Bucket ranges"] == "failed"
    assert results["Bucket delete"] == "ok"


def test_key_that_may_only_read_is_told_which_right_it_lacks(
    s3_server: S3Server, s3_faults: Faults, ours: Bucket
) -> None:
    reading = Bucket(account_of(s3_faults.server), ours.name)
    s3_faults.rule = lambda call: Refusal(403, "AccessDenied") if call.method == "PUT" else None

    results = list(check_round_trip(reading))

    assert verdicts(results) == {"Bucket write": "failed", "Bucket privacy": "skipped"}
    assert "writeFiles" in results[0].fix


def test_cap_of_the_account_is_not_taken_for_a_wrong_key_s07(s3_faults: Faults, ours: Bucket) -> None:
    s3_faults.rule = always(CAP_REACHED)

    (finding,) = check_access(Bucket(account_of(s3_faults.server), ours.name), unreachable=warning)

    assert finding.verdict is Verdict.WARNING
    assert "Caps & Alerts" in finding.fix


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("RequestTimeTooSkewed", "clock"),
        ("AuthorizationHeaderMalformed", "another region"),
        ("InvalidAccessKeyId", "does not know the key"),
        ("AccessDenied", "listFiles is not allowed"),
        ("TeapotError", "refused with TeapotError"),
    ],
)
def test_refusal_is_told_in_words_s07(s3_faults: Faults, ours: Bucket, code: str, words: str) -> None:
    s3_faults.rule = always(Refusal(403, code))

    (finding,) = check_access(Bucket(account_of(s3_faults.server), ours.name))

    assert words in finding.sentence


def test_pages_of_the_site_are_let_in_and_read_the_etag(ours: Bucket) -> None:
    with suppress(*ours.errors):  # Swift's rule holds for the whole server, and is there
        write_rule(ours, cors_rule([ORIGIN]))

    results = verdicts(check_cors(ours, origins=[ORIGIN], is_needed=True))

    assert results == {"Bucket CORS": "ok", "ETag exposed": "ok"}


def test_bucket_without_a_rule_is_mended_where_the_service_has_rules_of_buckets(
    request: pytest.FixtureRequest, s3_server: S3Server, ours: Bucket, settings: Settings
) -> None:
    settings.AWS_PRIVATE_BUCKET_NAME, settings.SITE_URL = ours.name, "https://tube.example.org"
    settings.AWS_S3_ENDPOINT_URL, settings.AWS_S3_REGION_NAME = s3_server.endpoint_url, s3_server.region
    settings.AWS_ACCESS_KEY_ID, settings.AWS_SECRET_ACCESS_KEY = s3_server.key_id, s3_server.secret

    sentences = [*write_cors_rules(), *write_cors_rules()]

    if request.config.getoption("--s3-server") == "swift":  # whose rule holds for the whole server
        assert all("could not be written" in sentence for sentence in sentences)
        return
    rules = s3_server.client.get_bucket_cors(Bucket=ours.name)["CORSRules"]
    assert [rule["AllowedOrigins"] for rule in rules] == [["https://tube.example.org"]]

    def verdicts_for(origin: str, *, is_needed: bool) -> dict[str, str]:
        return verdicts(check_cors(ours, origins=[origin], is_needed=is_needed))

    assert set(verdicts_for("https://tube.example.org", is_needed=True).values()) == {"ok"}
    assert verdicts_for(ORIGIN, is_needed=True) == {"Bucket CORS": "failed"}
    assert verdicts_for(ORIGIN, is_needed=False) == {"Bucket CORS": "warning"}


@pytest.mark.parametrize(
    ("date", "verdict"),
    [
        ("Sun, 17 Jan 2027 08:00:00 GMT", "ok"),
        ("Sun, 17 Jan 2027 08:01:00 GMT", "warning"),
        ("Sun, 17 Jan 2027 09:00:00 GMT", "failed"),
        ("Sun, 17 Jan 2027 07:00:00 GMT", "failed"),
        ("soon", "skipped"),
        ("", "skipped"),
    ],
)
def test_clock_that_is_off_is_told_before_signatures_fail_f18(date: str, verdict: str) -> None:
    eight_o_clock = 1_800_172_800.0

    assert verdicts(check_clock(date, now=eight_o_clock)) == {"Clock": verdict}
