"""Static files in a public bucket of a real S3 server, by the mission's own command."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from manage_command import manage
from servers.faults import Faults
from servers.s3_server import S3Server

Manage = Callable[..., "CompletedProcess[str]"]


@pytest.fixture
def with_bucket(tmp_path: Path, s3_faults: Faults, s3_bucket: str) -> Manage:
    """manage.py with the bucket's settings; more settings by keyword."""
    server = s3_faults.server
    known = {
        "AWS_STORAGE_BUCKET_NAME": s3_bucket,
        "AWS_ACCESS_KEY_ID": server.key_id,
        "AWS_SECRET_ACCESS_KEY": server.secret,
        "AWS_S3_ENDPOINT_URL": server.endpoint_url,
        "AWS_S3_REGION_NAME": server.region,
    }
    return lambda *words, **more: manage(tmp_path / "data", *words, **{**known, **more})


def manifest(tmp_path: Path, bucket: str) -> dict[str, str]:
    document = json.loads((tmp_path / "data/published" / bucket / "staticfiles.json").read_text())
    return dict(document["paths"])


def test_collected_files_lie_in_the_bucket_under_names_of_their_content(
    with_bucket: Manage, tmp_path: Path, s3_server: S3Server, s3_faults: Faults, s3_bucket: str
) -> None:
    done = with_bucket("collectstatic", "--noinput")
    assert done.returncode == 0, done.stderr
    named = manifest(tmp_path, s3_bucket)
    page = s3_server.client.list_objects_v2(Bucket=s3_bucket)
    head = s3_server.client.head_object(Bucket=s3_bucket, Key=named["favicon.svg"])
    s3_faults.calls.clear()

    again = with_bucket("collectstatic", "--noinput")

    assert {entry["Key"] for entry in page["Contents"]} == {
        name for name in named.values() if not name.endswith((".gz", ".br"))
    }
    assert re.fullmatch(r"favicon\.[0-9a-f]{12}\.svg", named["favicon.svg"])
    assert head["ContentType"] == "image/svg+xml"
    assert head["CacheControl"] == "public, max-age=31536000, immutable"
    assert "ContentEncoding" not in head
    assert again.returncode == 0, again.stderr
    assert [call.method for call in s3_faults.calls] == ["GET"]


def test_pages_name_files_at_the_cdn_without_asking_the_bucket(
    with_bucket: Manage, s3_faults: Faults, s3_bucket: str
) -> None:
    with_bucket("collectstatic", "--noinput")
    s3_faults.calls.clear()
    code = "from django.templatetags.static import static; print(static('favicon.svg'))"

    done = with_bucket("shell", "--verbosity=0", "-c", code, AWS_S3_CUSTOM_DOMAIN="cdn.example.org")

    assert re.fullmatch(
        rf"https://cdn\.example\.org/{s3_bucket}/favicon\.[0-9a-f]{{12}}\.svg", done.stdout.strip()
    )
    assert s3_faults.calls == []


def test_files_that_were_not_collected_are_not_named(with_bucket: Manage) -> None:
    code = "from django.templatetags.static import static; print(static('favicon.svg'))"

    done = with_bucket("shell", "--verbosity=0", "-c", code)

    assert done.returncode != 0
    assert "Missing staticfiles manifest entry for 'favicon.svg'" in done.stderr


def test_wrong_key_is_said_in_words_and_nothing_counts_as_collected_s07(
    with_bucket: Manage, tmp_path: Path, s3_bucket: str
) -> None:
    done = with_bucket("collectstatic", "--noinput", AWS_SECRET_ACCESS_KEY="wrong")

    assert done.returncode == 1
    assert f"could not be put into the bucket {s3_bucket}" in done.stderr
    assert "SignatureDoesNotMatch" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data/published" / s3_bucket / "staticfiles.json").exists()


def test_policy_names_the_buckets_alone_and_not_their_neighbours(with_bucket: Manage) -> None:
    code = (
        "from django.conf import settings; import json; print(json.dumps(settings.CONTENT_SECURITY_POLICY))"
    )

    done = with_bucket(
        *("shell", "--verbosity=0", "-c", code),
        AWS_STORAGE_BUCKET_NAME="looks",
        AWS_PRIVATE_BUCKET_NAME="cats",
        AWS_S3_CUSTOM_DOMAIN="cdn.example.org",
    )

    policy = json.loads(done.stdout)["DIRECTIVES"]
    looks, cats = "https://cdn.example.org/looks/", "https://cdn.example.org/cats/"
    assert [policy["script-src"], policy["style-src"], policy["font-src"]] == [["'self'", looks]] * 3
    assert policy["media-src"] == ["'self'", "blob:", cats]
    assert policy["img-src"] == ["'self'", "data:", "blob:", looks, cats]
    assert policy["connect-src"] == ["'self'", looks, cats]
