"""Files are answered alike by the front, which sends them for the rooms, and by the rooms themselves."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

import httpx
import pytest
from e2e.pages.uppy_page import signed_options
from e2e.site import Site, start_site
from e2e.stored_videos import add_video

CONTENT = bytes(range(256)) * 4
# What a server says of itself and of the moment.
OF_THE_SERVER = {"server", "date", "connection", "keep-alive", "set-cookie"}
UPLOAD_ONLY = {":original": {"robot": "/upload/handle"}}


@pytest.fixture(scope="module")
def bare_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site without a front."""
    running = start_site(tmp_path_factory.mktemp("bare") / "data", FRONT="off")
    yield running
    running.stop()


def ask(url: str, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an answer. If_Range means If-Range.

    The directives of a policy are in alphabetical order: the site has them in none.
    """
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
    try:
        connection.request(
            method, path, headers={name.replace("_", "-"): text for name, text in headers.items()}
        )
        answer = connection.getresponse()
        said = {name.lower(): text for name, text in answer.getheaders()}
        if policy := said.get("content-security-policy"):
            said["content-security-policy"] = "; ".join(sorted(policy.split("; ")))
        return answer.status, said, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Range": "bytes=0-99"},
        {"Range": "bytes=1000-"},
        {"Range": "bytes=-1"},
        {"Range": "bytes=5-5"},
        {"Range": "bytes=1000-9999"},
        {"Range": "bytes=-0"},
        {"Range": "bytes=1024-"},
        {"Range": "bytes=3-1"},
        {"Range": "bytes=cat"},
        {"Range": "lines=0-1"},
        {"Range": "bytes=0-0,2-2"},
        {"Range": "bytes=" + ",".join(["0-1023"] * 500)},
        {"Range": "bytes=" + "9" * 30 + "-"},
        {"If_None_Match": "{etag}"},
        {"If_None_Match": '"another"'},
        {"If_None_Match": '"another", {etag}', "Range": "bytes=0-9"},
        {"If_Range": "{etag}", "Range": "bytes=0-9"},
        {"If_Range": '"another"', "Range": "bytes=0-9"},
        {"If_Range": "{modified}", "Range": "bytes=0-9"},
        {"If_Modified_Since": "{modified}"},
    ],
    ids=lambda headers: " ".join(f"{name} {text[:30]}" for name, text in headers.items()) or "plain",
)
def test_w48_files_are_answered_alike_with_and_without_the_front(
    site: Site, bare_site: Site, films: dict[str, str], method: str, headers: dict[str, str]
) -> None:
    assert_answered_alike((site, bare_site), films, method, headers)


def assert_answered_alike(
    sites: tuple[Site, Site], films: dict[str, str], method: str, headers: dict[str, str]
) -> None:
    """headers: of the request; {etag} and {modified} are those of the file."""
    answers = []
    for asked in sites:
        _, facts, _ = ask(asked.url, films[asked.url])
        filled = {
            name: text.format(etag=facts["etag"], modified=facts["last-modified"])
            for name, text in headers.items()
        }
        status, said, body = ask(asked.url, films[asked.url], method, **filled)
        answers.append((status, {k: v for k, v in said.items() if k not in OF_THE_SERVER}, body))

    fronted, bare = answers
    assert fronted == bare


@pytest.fixture(scope="module")
def films(site: Site, bare_site: Site) -> dict[str, str]:
    """Paths of links to one and the same file, by the site that has it."""
    links = {running.url: add_video(running, CONTENT) for running in (site, bare_site)}
    for running in (site, bare_site):
        for path in (running.data / "bucket" / "watermarked").rglob("cat.mp4"):
            os.utime(path, (1_700_000_000, 1_700_000_000))
    return links


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("cat on the roof.mp4", "video/mp4"),
        ("100%41 #1? a;b&c=d.mp4", "video/mp4"),
        ("Kätzchen 猫 🐈.mp4", "video/mp4"),
        ('it\'s "a" $cat {x}.mp4', "video/mp4"),
        ("cat.html", "text/html"),
    ],
)
def test_w48_file_of_any_name_is_sent_by_the_front(
    site: Site, bare_site: Site, name: str, content_type: str
) -> None:
    answers = [
        ask(running.url, add_video(running, CONTENT, name=name, content_type=content_type))
        for running in (site, bare_site)
    ]

    for status, said, body in answers:
        assert (status, body) == (200, CONTENT)
        assert said["x-content-type-options"] == "nosniff"
    (_, fronted, _), (_, bare, _) = answers
    alike = ("content-type", "content-disposition", "content-security-policy", "cache-control")
    assert [fronted[header] for header in alike] == [bare[header] for header in alike]


@pytest.mark.parametrize(
    "path",
    [
        "/.files/whole/bucket/../secrets.env",
        "/.files/whole/secrets.env",
        "/.files/part/bucket/watermarked/",
        "/.front/many.json",
        "/.files/whole/bucket/%2e%2e/secrets.env",
    ],
)
def test_w48_what_is_between_front_and_rooms_opens_nothing_to_visitors(site: Site, path: str) -> None:
    for url in (site.url, site.engine_url):
        status, _, body = ask(url, path)

        assert status in (400, 404)
        assert b"SECRET" not in body


def engine_link(site: Site) -> str:
    """Path of a link to a file at the engine that no step stored."""
    form = {**signed_options(site.data, UPLOAD_ONLY), "num_expected_upload_files": "0"}
    form["fields"] = json.dumps(form["fields"])
    files = {"file": ("cat on the roof #1.bin", CONTENT)}
    status = httpx.post(f"{site.engine_url}/assemblies", data=form, files=files, timeout=60).json()
    while status.get("ok") in ("ASSEMBLY_UPLOADING", "ASSEMBLY_EXECUTING"):
        status = httpx.get(status["assembly_url"], params={"await": "COMPLETED"}, timeout=90).json()
    link: str = status["uploads"][0]["url"]
    return link.removeprefix(site.engine_url)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Range": "bytes=5-9"},
        {"Range": "bytes=0-0,2-2"},
        {"Range": "bytes=3-1"},
        {"If_None_Match": "{etag}"},
    ],
    ids=str,
)
def test_w48_results_of_the_engine_are_answered_alike(
    site: Site, bare_site: Site, results: dict[str, str], headers: dict[str, str]
) -> None:
    compared = []
    for running in (site, bare_site):
        path = results[running.url]
        _, facts, _ = ask(running.engine_url, path)
        filled = {name: text.format(etag=facts["etag"]) for name, text in headers.items()}
        status, said, body = ask(running.engine_url, path, **filled)
        differing = {*OF_THE_SERVER, "etag", "last-modified", "expires"}
        compared.append((status, {k: v for k, v in said.items() if k not in differing}, body))

    assert compared[0] == compared[1]


@pytest.fixture(scope="module")
def results(site: Site, bare_site: Site) -> dict[str, str]:
    return {running.url: engine_link(running) for running in (site, bare_site)}
