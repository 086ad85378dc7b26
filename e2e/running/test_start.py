"""One command starts everything, SIGTERM ends everything, a second start keeps everything."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from dotenv import dotenv_values
from e2e.forms import send_form, sign_in
from e2e.site import Site, processes_using, start_site
from servers.s3_server import S3Server

OF_SITE, OF_ENGINE = b"SECRET_KEY=for the site alone", b"ENGINE_SECRET=for the engine alone"


def secrets_in(data: Path) -> dict[str, dict[str, str | None]]:
    """Names and values in each file of secrets."""
    return {file.name: dotenv_values(file) for file in data.glob("*secrets.env")}


def test_site_ends_whole_on_sigterm_and_keeps_everything_over_a_second_start(tmp_path: Path) -> None:
    first = start_site(tmp_path / "data")
    kept = secrets_in(first.data)
    with httpx.Client(follow_redirects=True) as client:
        assert sign_in(first, client).status_code == 200
        answer = client.post(
            f"{first.url}/api/uploads",
            json={"title": "Kept over a restart"},
            headers={"X-CSRFToken": client.cookies["csrftoken"], "Referer": first.url},
        )
        assert answer.status_code == 201, answer.text
    video_id = answer.json()["video"]["id"]

    assert first.stop() == 0
    assert processes_using(first.data) == {}

    second = start_site(tmp_path / "data")
    try:
        assert secrets_in(second.data) == kept
        with httpx.Client(follow_redirects=True) as client:
            sign_in(second, client)
            assert client.get(f"{second.url}/api/videos/{video_id}").json()["title"] == "Kept over a restart"
    finally:
        second.stop()


def test_d16_fresh_site_has_own_secrets_that_only_its_owner_can_read(site: Site) -> None:
    files = secrets_in(site.data)
    assert {name: set(secrets) for name, secrets in files.items()} == {
        "secrets.env": {"TRANSLOADIT_KEY", "TRANSLOADIT_SECRET", "VIDEOS_TOKEN"},
        "site-secrets.env": {"SECRET_KEY"},
        "engine-secrets.env": {"ENGINE_SECRET"},
    }
    for name in files:
        assert stat.S_IMODE((site.data / name).stat().st_mode) == 0o600
    for database in site.data.glob("*.sqlite3"):
        assert stat.S_IMODE(database.stat().st_mode) & 0o077 == 0, database


@pytest.fixture(scope="module")
def told_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that is told the secrets of its rooms, but no password for its first account."""
    secrets = dict(text.decode().split("=") for text in (OF_SITE, OF_ENGINE))
    running = start_site(tmp_path_factory.mktemp("told") / "data", CATTUBE_ADMIN_PASSWORD="", **secrets)
    yield running
    running.stop()


def test_d50_each_room_is_given_its_own_secrets_alone(told_site: Site) -> None:
    environments = environments_of(told_site.data)

    engines = [texts for command, texts in environments if "app:app" in command]
    pages = [texts for command, texts in environments if "cattube.wsgi" in command]
    assert engines
    assert pages
    assert all(OF_ENGINE in texts and OF_SITE not in texts for texts in engines)
    assert all(OF_SITE in texts and OF_ENGINE not in texts for texts in pages)
    assert not (told_site.data / "engine-secrets.env").exists()


def environments_of(data: Path) -> list[tuple[str, list[bytes]]]:
    """Command line and environment of each process of the site on `data`."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            texts = (process / "environ").read_bytes().split(b"\0")
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # it has ended
            continue
        if f"CATTUBE_DATA={data}".encode() in texts:
            found.append((command, texts))
    return found


def test_d16_first_password_is_in_a_file_until_it_is_changed_and_never_in_the_log(told_site: Site) -> None:
    file, new = told_site.data / "first-password.txt", "a cat in every window"
    password = file.read_text().split("password: ")[1].strip()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert str(file) in told_site.output
    with httpx.Client(follow_redirects=True) as client:
        assert "/login/" not in str(sign_in(told_site, client, password).url)
        form = {"old_password": password, "new_password1": new, "new_password2": new}
        changed = send_form(told_site, client, "/settings/", "/settings/password", **form)
    assert "Your password is changed" in changed.text
    assert not file.exists()
    assert password not in told_site.output


def test_second_site_on_the_same_state_folder_is_refused_in_words(tmp_path: Path, site: Site) -> None:
    # Its output goes beside the name of its folder, where that of the first one is.
    same = tmp_path / "data"
    same.symlink_to(site.data)

    with pytest.raises(RuntimeError, match="already runs on"):
        start_site(same)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        pytest.param(
            {"AWS_SECRET_ACCESS_KEY": "wrong"}, "AWS_SECRET_ACCESS_KEY does not belong", id="bucket key"
        ),
        pytest.param({"AWS_PRIVATE_BUCKET_NAME": "no-such"}, "There is no such bucket", id="bucket name"),
        pytest.param(
            {"DATABASE_URL": "postgresql://tube@127.0.0.1:9/tube"}, "Connection refused", id="database"
        ),
    ],
)
def test_s07_site_that_could_keep_nothing_does_not_start_and_says_why(
    tmp_path: Path, s3_server: S3Server, s3_bucket: str, wrong: dict[str, str], words: str
) -> None:
    right = {
        "AWS_S3_ENDPOINT_URL": s3_server.endpoint_url,
        "AWS_S3_REGION_NAME": s3_server.region,
        "AWS_ACCESS_KEY_ID": s3_server.key_id,
        "AWS_SECRET_ACCESS_KEY": s3_server.secret,
        "AWS_PRIVATE_BUCKET_NAME": s3_bucket,
    }

    with pytest.raises(RuntimeError, match=words):
        start_site(tmp_path / "data", **{**right, **wrong})

    assert processes_using(tmp_path / "data") == {}
