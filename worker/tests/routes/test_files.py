"""Signed addresses of bytes."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from cattube_worker.assemblies import repository
from cattube_worker.assemblies.model import PROBE

from ..conftest import UPLOAD_ONLY, TestEngine

STORE_SIGNED = {
    **UPLOAD_ONLY,
    "exported": {
        "robot": "/s3/store",
        "use": ":original",
        "credentials": "cattube",
        "path": "${previous_step.name}/${assembly.id}/${file.url_name}",
        "sign_urls_for": 24 * 3600,
    },
}


def stored_url(engine: TestEngine, body: bytes = b"meow", **pairs: str) -> str:
    assembly = engine.assembly(steps=STORE_SIGNED)
    engine.upload(assembly, body, **pairs)
    engine.work()
    return str(engine.status(assembly)["results"][":original"][0]["signed_url"])


def test_part_of_a_file_can_be_asked_for(engine: TestEngine) -> None:
    """S05"""
    response = engine.get(stored_url(engine), Range="bytes=1-2")

    assert (response.status_code, response.data) == (206, b"eo")
    assert response.headers["Content-Range"] == "bytes 1-2/4"


@pytest.mark.parametrize("asked", ["bytes=9-", "bytes=3-1"])
def test_part_beyond_the_end_is_refused(engine: TestEngine, asked: str) -> None:
    """S05"""
    assert engine.client.get(stored_url(engine), headers={"Range": asked}).status_code == 416


def test_text_is_downloaded_never_shown(engine: TestEngine) -> None:
    """M07, D02"""
    response = engine.get(stored_url(engine, b"<script>", filename="cat.html"))

    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]


def test_link_ends_after_a_day(engine: TestEngine) -> None:
    """S03"""
    url = stored_url(engine)
    engine.clock.advance(26 * 3600)

    response = engine.client.get(url)

    assert (response.status_code, response.get_json()["error"]) == (403, "SERVER_403")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("signature=", "signature=0"),
        ("expires=", "expires=9"),
        ("cat", "dog"),
        ("%3Aoriginal/", "%3Aoriginal/../%3Aoriginal/"),
        ("/files/", "/files/..%2f..%2f"),
        ("?", "?x="),
    ],
)
def test_changed_link_opens_nothing(engine: TestEngine, old: str, new: str) -> None:
    """S03, S04, S06"""
    assert engine.client.get(stored_url(engine).replace(old, new, 1)).status_code in (403, 404)


def test_results_that_were_not_stored_are_here_for_a_day(engine: TestEngine) -> None:
    assembly = engine.assembly()
    engine.upload(assembly, b"meow")
    engine.work()

    upload = engine.status(assembly)["uploads"][0]

    assert upload["is_temp_url"] is True
    assert engine.get(upload["url"]).data == b"meow"


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param("bytes=" + ",".join(f"{number}-{number}" for number in range(1000)), id="1000-parts"),
        pytest.param("bytes=0-0,2-2", id="two-parts"),
        pytest.param("bytes=-0", id="last-none"),
        pytest.param("lines=0-1", id="other-unit"),
        pytest.param("bytes=" + "9" * 400 + "-", id="endless-number"),
    ],
)
def test_s05_odd_ranges_get_the_file_or_a_refusal(engine: TestEngine, asked: str) -> None:
    with engine.client.get(stored_url(engine), headers={"Range": asked}) as response:
        assert response.status_code in {200, 206, 416}
        assert len(response.data) < 1000


def test_s05_a_part_of_another_version_is_not_mixed_in(engine: TestEngine) -> None:
    wanted = {"Range": "bytes=1-2", "If-Range": '"another"'}

    with engine.client.get(stored_url(engine), headers=wanted) as response:
        assert (response.status_code, response.data) == (200, b"meow")


@pytest.mark.parametrize("key", [".htaccess", ".env", "", "folder/", "out/secret"])
def test_s06_the_folder_is_no_directory_of_a_web_server(engine: TestEngine, key: str) -> None:
    """Even under a signed address: no listing, no folder, no way out through a link."""
    folder = engine.settings.bucket_dir
    (folder / "folder").mkdir()
    (folder / "out").symlink_to(folder.parent)
    (folder.parent / "secret").write_text("canary")

    link = engine.parts.files.links.object(key, timedelta(hours=1))

    response = engine.client.get(urlsplit(link).path)
    signed = engine.client.get(link)

    assert response.status_code in {403, 404}
    assert signed.status_code in {403, 404}
    assert b"canary" not in signed.data


def test_result_that_is_kept_aside_at_this_moment_is_there(engine: TestEngine) -> None:
    """It moves before its entry says so."""
    assembly = engine.assembly(steps=UPLOAD_ONLY)
    engine.upload(assembly, b"meow")
    while engine.runner(PROBE).run_once():
        pass
    (file,) = engine.status(assembly)["uploads"]
    with engine.database.read() as session:
        path = repository.files_of(session, assembly["assembly_id"])[0].path
    assert path is not None

    engine.parts.files.results.keep(path, assembly["assembly_id"], file["id"])

    assert engine.get(file["url"]).data == b"meow"
