"""The whole site with nothing of it on the disk of its machine: both rooms on PostgreSQL, videos in a bucket.

Named so that only `make test-postgres` runs it, which has a server in CATTUBE_TEST_POSTGRES.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
from e2e.api_client import ApiClient, api_client, manage
from e2e.media.clips import make_full_hd_clip
from e2e.site import Site, start_site
from servers.s3_server import S3Server

SERVER = os.environ["CATTUBE_TEST_POSTGRES"]


@pytest.fixture(scope="module")
def databases() -> dict[str, str]:
    """One new database for each room, as the settings name them."""
    names = {"DATABASE_URL": "tube_web", "WORKER_DATABASE_URL": "tube_worker"}
    with psycopg.connect(SERVER, autocommit=True) as connection:
        for name in names.values():
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
            connection.execute(f"CREATE DATABASE {name}".encode())
    address = urlsplit(SERVER)
    return {setting: address._replace(path=f"/{name}").geturl() for setting, name in names.items()}


@pytest.fixture(scope="module")
def bucket(s3_server: S3Server) -> str:
    return s3_server.make_bucket(is_versioned=True)


@pytest.fixture(scope="module")
def settings(databases: dict[str, str], s3_server: S3Server, bucket: str) -> dict[str, str]:
    return databases | {
        "AWS_S3_ENDPOINT_URL": s3_server.endpoint_url,
        "AWS_S3_REGION_NAME": s3_server.region,
        "AWS_ACCESS_KEY_ID": s3_server.key_id,
        "AWS_SECRET_ACCESS_KEY": s3_server.secret,
        "AWS_PRIVATE_BUCKET_NAME": bucket,
        "B2_ENDPOINT_URL": s3_server.endpoint_url,
        "B2_APPLICATION_KEY_ID": s3_server.key_id,
        "B2_APPLICATION_KEY": s3_server.secret,
        "BUCKET_NAME": bucket,
    }


@pytest.fixture(scope="module")
def site(settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    running = start_site(tmp_path_factory.mktemp("postgres") / "data", **settings)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def client(site: Site) -> ApiClient:
    return api_client(site)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_full_hd_clip(tmp_path_factory.mktemp("clips") / "cat.mp4", seconds=2)


def test_video_is_uploaded_made_played_and_deleted(
    client: ApiClient, site: Site, s3_server: S3Server, bucket: str, clip: Path
) -> None:
    video_id, assembly_id = client.upload(clip)

    video = client.wait_until_finished(video_id)

    assert video["status"] == "ready", video["error"]
    steps = (":original", "hls", "resized", "storyboard", "thumbnail", "watermarked")
    stored = {tuple(key.split("/")[:2]) for key in s3_server.versions(bucket)}
    folders = {folder for _, folder in stored}
    assert stored == {(step, folder) for step in steps for folder in folders}
    assert len(folders) == 1
    assert assembly_id not in folders
    part = httpx.get(video["transcoded"], headers={"Range": "bytes=0-99"}, follow_redirects=True)
    assert (part.status_code, len(part.content)) == (206, 100)
    assert site.files_in("bucket") == []

    client.call("DELETE", f"/videos/{video_id}?permanent=true")
    assert s3_server.versions(bucket) == []


def test_site_goes_on_when_the_database_has_thrown_everybody_out(client: ApiClient, clip: Path) -> None:
    """F14"""
    video_id, _ = client.upload(clip)

    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'tube%'"
        )

    assert client.wait_until_finished(video_id)["status"] == "ready"
    assert client.site.get_json("/healthz")["ok"]


def test_doctor_has_nothing_to_say(site: Site, settings: dict[str, str]) -> None:
    done = manage(site, "doctor", **settings)

    assert done.returncode == 0, done.stdout
    assert "PostgreSQL answers and is up to date." in done.stdout
