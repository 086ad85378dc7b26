"""A site whose processing is elsewhere: a second engine, on another origin, with its own key and bucket.

It is the service of TRANSLOADIT_SERVICE as hosted Transloadit would be. It may not contact 127.0.0.1, so no
report of it ever reaches the site.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from e2e.api_client import ApiClient, api_client, manage
from e2e.media.clips import make_full_hd_clip
from e2e.running.processes import running, wait_for
from e2e.site import ROOT, Site, clean_environment, start_site
from servers.processes import free_port

# The site searches for what it was not told of when a minute has gone by.
MAKE_OLDER = """
from datetime import timedelta
from django.db.models import F
from cattube.videos.models import Video
Video.objects.filter(pk={id!r}).update(attempted_at=F("attempted_at") - timedelta(minutes=2))
"""


@dataclass(frozen=True)
class Service:
    """A running service. account: the settings of a site that uses it."""

    address: str
    data: Path
    account: dict[str, str]

    @property
    def objects(self) -> list[str]:
        """What lies in its bucket, as sorted keys."""
        bucket = self.data / "bucket"
        return sorted(str(path.relative_to(bucket)) for path in bucket.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    data, port = tmp_path_factory.mktemp("service") / "data", free_port()
    key = {"TRANSLOADIT_KEY": "their-key", "TRANSLOADIT_SECRET": secrets.token_hex(16)}
    environment = clean_environment(
        CATTUBE_DATA=str(data),
        WORKER_PORT=str(port),
        NOTIFY_HOSTS="localhost:*",  # not the site's address: no report comes
        IMPORT_HOSTS="localhost:*",  # for the watermark
        **key,
    )
    argv = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "app:app"]
    with running(argv, ROOT / "worker", environment) as process:
        address = f"http://127.0.0.1:{port}"
        assert wait_for(f"{address}/healthz", process).status_code == 200
        yield Service(address, data, {**key, "TRANSLOADIT_SERVICE": address})


@pytest.fixture(scope="module")
def hosted_site(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that uses the service and reads from its bucket."""
    data = tmp_path_factory.mktemp("hosted") / "data"
    data.mkdir()
    (data / "bucket").symlink_to(service.data / "bucket")
    running_site = start_site(data, TRANSLOADIT_TEMPLATE_ID="tube", **service.account)
    yield running_site
    running_site.stop()


@pytest.fixture(scope="module")
def template(hosted_site: Site, service: Service) -> str:
    """What push_template printed last, after it has put the site's template there under the name `tube`."""
    watermark = f"http://localhost:{hosted_site.url.rpartition(':')[2]}/static/watermark.png"
    words = ("push_template", "--name", "tube", "--watermark-url", watermark)
    done = manage(hosted_site, *words, **service.account)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


@pytest.fixture
def client(hosted_site: Site, template: str) -> ApiClient:
    return api_client(hosted_site)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_full_hd_clip(tmp_path_factory.mktemp("clips") / "cat.mp4", seconds=2)


def test_template_is_pushed_once_and_replaced_only_when_asked(
    hosted_site: Site, service: Service, template: str
) -> None:
    name, _, template_id = template.partition("=")
    again = manage(hosted_site, "push_template", "--name", "tube", "--watermark-url", "x", **service.account)
    words = (
        "--update",
        "--watermark-url",
        f"http://localhost:{hosted_site.url.rpartition(':')[2]}/static/watermark.png",
    )
    updated = manage(hosted_site, "push_template", "--name", "tube", *words, **service.account)

    assert (name, len(template_id)) == ("TRANSLOADIT_TEMPLATE_ID", 32)
    assert again.returncode != 0
    assert "--update" in again.stderr
    assert updated.stdout.splitlines()[-1] == template


def test_wrong_secret_is_told_in_words(hosted_site: Site, service: Service) -> None:
    wrong = {**service.account, "TRANSLOADIT_SECRET": "wrong"}

    done = manage(hosted_site, "push_template", "--watermark-url", "x", **wrong)

    assert done.returncode != 0
    assert "refused: INVALID_SIGNATURE" in done.stderr


def test_video_is_made_elsewhere_and_becomes_ready_although_no_report_comes(
    client: ApiClient, service: Service, clip: Path
) -> None:
    video_id, assembly_id = client.upload(clip)
    client.call("PATCH", f"/videos/{video_id}", assembly_id=assembly_id)

    video = client.wait_until_finished(video_id)

    assert video["status"] == "ready", video["error"]
    steps = (":original", "hls", "resized", "storyboard", "thumbnail", "watermarked")
    folder = urlsplit(video["transcoded"]).path.split("/")[3]
    assert {tuple(key.split("/")[:2]) for key in service.objects} == {(step, folder) for step in steps}
    assert not any(assembly_id in key for key in service.objects)
    assert video["hls"]
    assert httpx.get(video["transcoded"]).status_code == 200
    log = httpx.get(f"{service.address}/assembly_notifications/{assembly_id}").json()["notifications"]
    assert not any(entry["response_code"] for entry in log)

    client.call("DELETE", f"/videos/{video_id}?permanent=true")
    assert service.objects == []


def test_t72_site_finds_the_assembly_of_a_script_that_says_nothing(client: ApiClient, clip: Path) -> None:
    upload, body = client.begin_upload(clip), clip.read_bytes()
    half = len(body) // 2
    upload.engine.send_part(upload.address, body[:half], offset=0)

    client.site.run(MAKE_OLDER.format(id=upload.video_id))
    halfway = client.wait_until(upload.video_id, lambda video: video["progress"] > 0)
    upload.engine.send_part(upload.address, body[half:], offset=half)
    video = client.wait_until_finished(upload.video_id)

    assert (halfway["status"], halfway["progress"]) == ("uploading", 100 * half // len(body))
    assert halfway["assembly_id"] == upload.assembly_id
    assert video["status"] == "ready", video["error"]
    client.call("DELETE", f"/videos/{upload.video_id}?permanent=true")


def test_deleting_while_it_is_made_elsewhere_stops_it_there(
    client: ApiClient, service: Service, clip: Path
) -> None:
    made = client.call("POST", "/uploads", title="cat", size_bytes=9)
    options = made["assembly"]
    form = {key: options[key] for key in ("params", "signature")} | {"num_expected_upload_files": "1"}
    status = httpx.post(f"{options['service']}/assemblies", data=form).json()
    client.call("PATCH", f"/videos/{made['video']['id']}", assembly_id=status["assembly_id"])

    client.call("DELETE", f"/videos/{made['video']['id']}?permanent=true")

    stopped = httpx.get(f"{service.address}/assemblies/{status['assembly_id']}").json()
    assert stopped["ok"] == "ASSEMBLY_CANCELED"


def test_doctor_finds_that_no_report_arrives_and_all_else_is_right(
    hosted_site: Site, service: Service, template: str
) -> None:
    done = manage(hosted_site, "doctor", TRANSLOADIT_TEMPLATE_ID="tube", **service.account)

    wrong = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "warning"))]
    assert done.returncode == 1
    assert len(wrong) == 1, done.stdout
    assert wrong[0].startswith(f"FAILED   Notification: The engine cannot report to {hosted_site.url}")
