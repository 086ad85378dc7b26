"""Files that an assembly brings in by itself."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from cattube_worker.instructions.steps import StepError, read_steps
from cattube_worker.robots.http_import.robot import HttpImport
from cattube_worker.robots.http_import.share_links import direct

from ...conftest import TestEngine, files_below, open_test_engine
from ...small_disk import use_small_disk

MIB = 2**20


@dataclass
class Farm:
    """A server in the web, played by this machine. answers: status, headers and body by path."""

    url: str
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    knows_ranges: bool = True

    hanging: dict[str, tuple[threading.Event, threading.Event]] = field(default_factory=dict)

    def hang(self, path: str) -> tuple[threading.Event, threading.Event]:
        """Have the server fall silent at that path: set once it was asked, and to let it go."""
        self.hanging[path] = threading.Event(), threading.Event()
        return self.hanging[path]

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


@pytest.fixture
def farm() -> Iterator[Farm]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known.asked.append((self.path, dict(self.headers)))
            status, headers, body = known.answers.get(self.path, (404, {}, b""))
            if self.path in known.hanging:
                asked, release = known.hanging[self.path]
                asked.set()
                release.wait(120)
                return
            if known.knows_ranges and (wanted := self.headers.get("Range")):
                first, _, last = wanted.removeprefix("bytes=").partition("-")
                start = int(first) if first else max(0, len(body) - int(last))
                end = min(len(body), int(last) + 1) if first else len(body)
                headers = {**headers, "Content-Range": f"bytes {start}-{end - 1}/{len(body)}"}
                status, body = 206, body[start:end]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known = Farm(f"http://127.0.0.1:{server.server_port}")
    known.answers["/pets/My%20cat.txt"] = (200, {}, b"meow")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield known
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[TestEngine]:
    """An engine whose operator lets it import from this machine."""
    engine = open_test_engine(tmp_path, import_hosts="127.0.0.1:*,localhost:*")
    yield engine
    engine.close()


def importing(url: object, **parameters: Any) -> dict[str, Any]:
    return {"imported": {"robot": "/http/import", "url": url, "result": True, **parameters}}


def imported(engine: TestEngine, steps: dict[str, Any], **document: Any) -> dict[str, Any]:
    """The status after an assembly without uploads has done all it can."""
    assembly = engine.assembly(expected=0, steps=steps, **document)
    engine.work()
    return engine.status(assembly)


def test_an_assembly_of_imports_executes_at_once(engine: TestEngine, farm: Farm) -> None:
    assembly = engine.assembly(expected=0, steps=importing(f"{farm.url}/pets/My%20cat.txt"))
    assert assembly["ok"] == "ASSEMBLY_EXECUTING"

    engine.work()

    status = engine.status(assembly)
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert status["uploads"] == []
    (file,) = status["results"]["imported"]
    assert (file["name"], file["size"], file["original_id"]) == ("My cat.txt", 4, file["id"])
    assert file["import_url"] == f"{farm.url}/pets/My%20cat.txt"
    assert engine.get(file["ssl_url"]).data == b"meow"


def test_what_is_imported_can_be_stored(engine: TestEngine, farm: Farm) -> None:
    store = {"robot": "/s3/store", "use": "imported", "credentials": "cattube", "path": "${file.name}"}

    status = imported(
        engine, {**importing("${fields.from}/pets/My%20cat.txt"), "kept": store}, fields={"from": farm.url}
    )

    assert status["ok"] == "ASSEMBLY_COMPLETED", status["message"]
    assert files_below(engine.settings.bucket_dir) == ["My cat.txt"]


def test_several_addresses_give_several_files_under_the_names_asked_for(
    engine: TestEngine, farm: Farm
) -> None:
    farm.answers["/"] = (200, {"Content-Disposition": "attachment; filename*=UTF-8''K%C3%A4tzchen.txt"}, b"m")

    status = imported(
        engine, importing(f"{farm.url}/pets/My%20cat.txt|{farm.url}/", force_name=["first.txt"])
    )

    assert [file["name"] for file in status["results"]["imported"]] == ["first.txt", "Kätzchen.txt"]


def test_headers_go_to_the_host_they_were_written_for_alone(engine: TestEngine, farm: Farm) -> None:
    elsewhere = farm.url.replace("127.0.0.1", "localhost")
    farm.answers["/moved"] = (302, {"Location": f"{elsewhere}/pets/My%20cat.txt"}, b"")

    imported(engine, importing(f"{farm.url}/moved", headers=["Authorization: Bearer canary"]))

    (_, first), (_, second) = farm.asked
    assert first["Authorization"] == "Bearer canary"
    assert "Authorization" not in second


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (404, "HTTP_IMPORT_NOT_FOUND"),
        (403, "HTTP_IMPORT_ACCESS_DENIED"),
        (418, "HTTP_IMPORT_FAILURE"),
    ],
)
def test_an_answer_that_is_no_file_fails_with_transloadits_code(
    engine: TestEngine, farm: Farm, status: int, code: str
) -> None:
    farm.answers["/x"] = (status, {}, b"")

    document = imported(engine, importing(f"{farm.url}/x"))

    assert (document["error"], document["step"]) == (code, "imported")


def test_an_import_that_may_fail_does_not_end_the_assembly(engine: TestEngine, farm: Farm) -> None:
    status = imported(engine, importing(f"{farm.url}/gone", ignore_errors=["import"]))

    assert status["ok"] == "ASSEMBLY_COMPLETED"
    (ignored,) = status["ignored_errors"]
    assert (ignored["step"], ignored["phase"]) == ("imported", "import")


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({}, id="default"),
        pytest.param({"import_hosts": "example.com:*"}, id="another-host"),
        pytest.param({"import_hosts": "127.0.0.1"}, id="another-port"),
        pytest.param({"trusted_hosts": "127.0.0.1"}, id="old-name"),
        pytest.param({"notify_hosts": "127.0.0.1:*"}, id="another-purpose"),
    ],
)
def test_w12_w43_a_private_address_that_is_not_trusted_is_never_asked(
    tmp_path: Path, farm: Farm, settings: dict[str, str]
) -> None:
    engine = open_test_engine(tmp_path, None, **settings)

    status = imported(engine, importing(f"{farm.url}/pets/My%20cat.txt"))

    assert status["error"] == "HTTP_IMPORT_FAILURE"
    assert farm.asked == []
    engine.close()


def test_w13_a_redirect_to_a_private_address_is_refused_before_it_is_asked(
    tmp_path: Path, farm: Farm
) -> None:
    engine = open_test_engine(tmp_path, import_hosts="localhost:*")
    farm.answers["/moved"] = (302, {"Location": f"{farm.url}/secret"}, b"")

    status = imported(engine, importing(farm.url.replace("127.0.0.1", "localhost") + "/moved"))

    assert status["error"] == "HTTP_IMPORT_FAILURE"
    assert farm.paths == ["/moved"]
    engine.close()


def test_w13_a_host_that_redirects_for_ever_is_left_after_three(engine: TestEngine, farm: Farm) -> None:
    farm.answers["/a"] = (302, {"Location": "/a"}, b"")

    status = imported(engine, importing(f"{farm.url}/a"))

    assert status["error"] == "HTTP_IMPORT_FAILURE"
    assert farm.paths == ["/a"] * 4


@pytest.mark.parametrize(
    "headers",
    [pytest.param({"Content-Length": "2000"}, id="announced"), pytest.param({}, id="on-the-way")],
)
def test_w15_a_file_above_the_bound_leaves_nothing_behind(
    engine: TestEngine, farm: Farm, headers: dict[str, str]
) -> None:
    farm.answers["/big"] = (200, headers, b"x" * 2000)

    status = imported(engine, importing(f"{farm.url}/big", max_file_size=1000))

    assert status["error"] == "HTTP_IMPORT_FAILURE"
    assert "1000 bytes" in status["message"]
    assert files_below(engine.settings.tmp_dir) == []


def test_w15_a_body_shorter_than_announced_is_no_file(engine: TestEngine, farm: Farm) -> None:
    farm.answers["/short"] = (200, {"Content-Length": "100"}, b"meow")

    status = imported(engine, importing(f"{farm.url}/short", ignore_errors=True))
    assert status["ok"] == "ASSEMBLY_EXECUTING"  # it is tried again
    engine.clock.advance(60)
    engine.work()
    engine.clock.advance(60)
    engine.work()

    assert farm.paths == ["/short"] * 3
    assert files_below(engine.settings.tmp_dir) == []


def test_the_assemblys_own_bound_counts_for_imports_too(engine: TestEngine, farm: Farm) -> None:
    status = imported(engine, importing(f"{farm.url}/pets/My%20cat.txt"), auth={"max_size": 3})

    assert "3 bytes" in status["message"]


def test_w16_a_playlist_is_a_text_and_nothing_it_names_is_asked_for(engine: TestEngine, farm: Farm) -> None:
    farm.answers["/list.mp4"] = (200, {}, f"#EXTM3U\n#EXTINF:1,\n{farm.url}/secret.ts\n".encode())

    status = imported(engine, importing(f"{farm.url}/list.mp4"))

    assert farm.paths == ["/list.mp4"]
    assert status["results"]["imported"][0]["type"] != "video"


@pytest.mark.parametrize(
    "parameters",
    [
        pytest.param({"url": "file:///etc/passwd"}, id="w12-file"),
        pytest.param({"url": "gopher://x/"}, id="w12-gopher"),
        pytest.param({"url": ""}, id="nothing"),
        pytest.param({"headers": ["Host: other"]}, id="other-host"),
        pytest.param({"headers": ["A: b\r\nC: d"]}, id="header-in-header"),
        pytest.param({"headers": ["no colon"]}, id="no-header"),
        pytest.param({"max_file_size": 0}, id="no-size"),
        pytest.param({"range": "5-2"}, id="backwards"),
        pytest.param({"range": "bytes=0-1"}, id="no-range"),
        pytest.param({"range": ["0-1"] * 101}, id="too-many-ranges"),
        pytest.param({"headers": {"Range": "bytes=0-1"}}, id="range-as-header"),
    ],
)
def test_what_cannot_be_imported_is_refused_at_once(parameters: dict[str, Any]) -> None:
    with pytest.raises(StepError) as caught:
        read_steps(importing(**{"url": "http://example.com/", **parameters}))

    assert caught.value.code == "HTTP_IMPORT_VALIDATION"


@pytest.mark.parametrize(
    "headers",
    [["A: b", "C: d"], [{"A": "b"}, {"C": "d"}], {"A": "b", "C": "d"}, '{"A": "b", "C": "d"}'],
)
def test_headers_may_be_written_in_many_ways(headers: object) -> None:
    robot = HttpImport.model_validate({"url": "http://x/", "headers": headers})

    assert dict(robot.headers) == {"A": "b", "C": "d"}


RANGES = [
    pytest.param("0-3", b"0123", id="one"),
    pytest.param("2-3", b"23", id="one-in-the-middle"),
    pytest.param("-2", b"89", id="the-end"),
    pytest.param(["0-1", "4-5"], b"01\0\x0045", id="several-with-a-gap"),
    pytest.param(["4-5", "0-1", "-1"], b"01\0\x0045\0\0\x009", id="in-any-order"),
    pytest.param(["0-4", "3-6"], b"0123456", id="overlapping"),
    pytest.param("8-20", b"89", id="beyond-the-end"),
]


@pytest.mark.parametrize(("wanted", "body"), RANGES)
def test_parts_of_a_file_lie_where_they_lay(
    engine: TestEngine, farm: Farm, wanted: object, body: bytes
) -> None:
    farm.answers["/x"] = (200, {}, b"0123456789")

    (file,) = imported(engine, importing(f"{farm.url}/x", range=wanted))["results"]["imported"]

    assert engine.get(file["ssl_url"]).data == body
    assert all("Range" in headers for _, headers in farm.asked)


def test_a_server_without_ranges_sends_the_whole_file(engine: TestEngine, farm: Farm) -> None:
    farm.knows_ranges = False

    (file,) = imported(engine, importing(f"{farm.url}/pets/My%20cat.txt", range=["0-1", "3-3"]))["results"][
        "imported"
    ]

    assert engine.get(file["ssl_url"]).data == b"meow"
    assert len(farm.asked) == 1


@pytest.mark.parametrize(("wanted", "body"), RANGES)
def test_parts_of_an_object_lie_where_they_lay(engine: TestEngine, wanted: object, body: bytes) -> None:
    engine.settings.bucket_dir.joinpath("x").write_bytes(b"0123456789")

    (file,) = imported(engine, from_store("/s3/import", "x", range=wanted))["results"]["imported"]

    assert engine.get(file["ssl_url"]).data == body


def test_w15_parts_far_apart_count_as_the_file_they_make(engine: TestEngine, farm: Farm) -> None:
    farm.answers["/x"] = (200, {}, b"x" * 2000)

    status = imported(engine, importing(f"{farm.url}/x", range=["0-1", "1998-1999"], max_file_size=1000))

    assert "1000 bytes" in status["message"]
    assert files_below(engine.settings.tmp_dir) == []


def test_headers_may_come_from_stored_credentials(engine: TestEngine, farm: Farm) -> None:
    engine.store_credentials("farm", "http", headers=["X-Key: canary", "X-Who: farm"])

    imported(
        engine, importing(f"{farm.url}/pets/My%20cat.txt", credentials="farm", headers={"X-Who": "alice"})
    )

    ((_, headers),) = farm.asked
    assert (headers["X-Key"], headers["X-Who"]) == ("canary", "alice")


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("s3", {"key": "k"}),
        ("http", {"x": "y"}),
        ("http", {"headers": ["no colon"]}),
        ("s3", {"headers": ["A: b"]}),
    ],
)
def test_credentials_without_headers_are_refused(
    engine: TestEngine, farm: Farm, kind: str, content: dict[str, Any]
) -> None:
    engine.store_credentials("farm", kind, **content)

    status = imported(engine, importing(f"{farm.url}/x", credentials="farm"))

    assert status["error"] == "HTTP_IMPORT_VALIDATION"
    assert farm.asked == []


def test_with_fail_fast_nothing_is_tried_again(engine: TestEngine, farm: Farm) -> None:
    farm.answers["/x"] = (503, {}, b"")

    status = imported(engine, importing(f"{farm.url}/x", fail_fast=True))

    assert status["error"] == "HTTP_IMPORT_FAILURE"
    assert len(farm.asked) == 1


def test_addresses_may_come_as_a_list_of_lists(engine: TestEngine, farm: Farm) -> None:
    for path in "abc":
        farm.answers[f"/{path}"] = (200, {}, b"meow")

    urls = [f"{farm.url}/a;{farm.url}/b", f"{farm.url}/c"]
    status = imported(engine, importing(urls, url_delimiter=";"))

    assert [file["name"] for file in status["results"]["imported"]] == ["a", "b", "c"]


def test_what_comes_from_elsewhere_does_not_wait_for_uploads(engine: TestEngine, farm: Farm) -> None:
    steps = {
        **importing(f"{farm.url}/pets/My%20cat.txt"),
        "passed": {"robot": "/file/filter", "use": [":original", "imported"]},
    }
    assembly = engine.assembly(steps=steps)

    engine.work()

    assert farm.paths == ["/pets/My%20cat.txt"]
    assert engine.status(assembly)["ok"] == "ASSEMBLY_UPLOADING"
    engine.upload(assembly, b"purr", filename="own.txt")
    engine.work()
    status = engine.status(assembly)
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert len(farm.asked) == 1
    assert {file["name"] for file in status["results"]["passed"]} == {"own.txt", "My cat.txt"}


def test_an_import_that_fails_ends_the_assembly_before_its_uploads_are_done(
    engine: TestEngine, farm: Farm
) -> None:
    assembly = engine.assembly(steps=importing(f"{farm.url}/gone"))

    engine.work()

    assert engine.status(assembly)["error"] == "HTTP_IMPORT_NOT_FOUND"


def test_a_slow_import_ends_when_its_assembly_is_cancelled(engine: TestEngine, farm: Farm) -> None:
    asked, release = farm.hang("/slow")
    assembly = engine.assembly(expected=0, steps=importing(f"{farm.url}/slow"))
    worker = threading.Thread(target=engine.work)
    worker.start()
    try:
        assert asked.wait(120)

        engine.client.delete(f"/assemblies/{assembly['assembly_id']}")
        worker.join(30)

        assert not worker.is_alive()
    finally:
        release.set()
    assert engine.status(assembly)["ok"] == "ASSEMBLY_CANCELED"
    assert files_below(engine.settings.tmp_dir) == []


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("https://www.dropbox.com/s/abc/cat.mp4?dl=0", "https://www.dropbox.com/s/abc/cat.mp4?dl=1"),
        (
            "https://www.dropbox.com/scl/fi/abc/cat.mp4?rlkey=k&dl=0",
            "https://www.dropbox.com/scl/fi/abc/cat.mp4?rlkey=k&dl=1",
        ),
        (
            "https://drive.google.com/file/d/a-B_1/view?usp=sharing",
            "https://drive.google.com/uc?export=download&id=a-B_1",
        ),
        ("https://drive.google.com/open?id=a-B_1", "https://drive.google.com/uc?export=download&id=a-B_1"),
        (
            "https://docs.google.com/document/d/a-B_1/edit",
            "https://docs.google.com/document/d/a-B_1/export?format=docx",
        ),
        (
            "https://docs.google.com/presentation/d/a-B_1/edit",
            "https://docs.google.com/presentation/d/a-B_1/export/pptx",
        ),
        (
            "https://1drv.ms/v/s!Cat",
            "https://api.onedrive.com/v1.0/shares/u!aHR0cHM6Ly8xZHJ2Lm1zL3YvcyFDYXQ/root/content",
        ),
        ("https://drive.google.com/drive/my-drive", "https://drive.google.com/drive/my-drive"),
        ("https://notdropbox.com/s/abc/cat.mp4?dl=0", "https://notdropbox.com/s/abc/cat.mp4?dl=0"),
        ("https://example.com/cat.mp4?dl=0", "https://example.com/cat.mp4?dl=0"),
    ],
)
def test_links_that_people_share_lead_to_the_file_itself(link: str, address: str) -> None:
    assert direct(link) == address


def from_store(robot: str, path: object, **parameters: Any) -> dict[str, Any]:
    step = {"robot": robot, "credentials": "cattube", "path": path, "result": True, **parameters}
    return {"imported": step}


def shelve(engine: TestEngine, *keys: str) -> None:
    for key in keys:
        target = engine.settings.bucket_dir / key
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(key.encode())


@pytest.mark.parametrize(
    ("robot", "path", "parameters", "names"),
    [
        pytest.param("/s3/import", "a/one.txt", {}, ["one.txt"], id="one"),
        pytest.param("/s3/import", ["top.txt", "a/two.txt"], {}, ["top.txt", "two.txt"], id="several"),
        pytest.param("/s3/import", "a/", {}, ["one.txt", "two.txt"], id="folder"),
        pytest.param("/s3/import", "/", {}, ["top.txt"], id="direct-children-only"),
        pytest.param(
            "/backblaze/import", "/", {"recursive": True},
            ["three.txt", "one.txt", "two.txt", "top.txt"], id="all",
        ),
        pytest.param(
            "/s3/import", "/", {"recursive": True, "files_per_page": 3, "page_number": 2}, ["top.txt"],
            id="second-page",
        ),
        pytest.param(
            "/backblaze/import", "a/", {"start_file_name": "a/one.txt"}, ["two.txt"], id="after-a-name"
        ),
    ],
)  # fmt: skip
def test_objects_are_imported_by_key_or_by_folder(
    engine: TestEngine, robot: str, path: object, parameters: dict[str, Any], names: list[str]
) -> None:
    shelve(engine, "a/one.txt", "a/two.txt", "a/b/three.txt", "top.txt")

    status = imported(engine, from_store(robot, path, **parameters))

    assert [file["name"] for file in status["results"]["imported"]] == names


def test_an_object_remembers_the_folder_it_came_from(engine: TestEngine) -> None:
    shelve(engine, "a/b/three.txt")

    status = imported(engine, from_store("/s3/import", "a/b/three.txt"))

    assert status["results"]["imported"][0]["original_path"] == "/a/b/"


@pytest.mark.parametrize(
    ("robot", "path", "code"),
    [
        ("/s3/import", "gone.txt", "S3_IMPORT_NOT_FOUND"),
        ("/s3/import", "gone/", "S3_IMPORT_NOT_FOUND"),
        ("/backblaze/import", "gone.txt", "BACKBLAZE_IMPORT_NOT_FOUND"),
        ("/s3/import", "../worker.sqlite3", "S3_IMPORT_VALIDATION"),
        ("/s3/import", "a/../../", "S3_IMPORT_VALIDATION"),
    ],
)
def test_t14_an_object_that_is_not_there_or_not_ours_is_refused(
    engine: TestEngine, robot: str, path: str, code: str
) -> None:
    assert imported(engine, from_store(robot, path))["error"] == code


def test_a_folder_of_more_files_than_allowed_is_not_imported(engine: TestEngine) -> None:
    shelve(engine, "a/one.txt", "a/two.txt")

    status = imported(engine, from_store("/s3/import", "a/"), auth={"max_number_of_files": 1})

    assert status["error"] == "MAX_NUMBER_OF_FILES_EXCEEDED"


@pytest.mark.parametrize("headers", [{}, {"Content-Length": "4194304"}], ids=["unknown length", "known"])
def test_m38_import_ends_at_the_reserve_and_leaves_nothing(
    tmp_path: Path, farm: Farm, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    engine = open_test_engine(
        tmp_path, import_hosts="127.0.0.1:*", job_attempts=1, min_free_bytes=MIB, delete_tmp_files=True
    )
    disk = use_small_disk(monkeypatch, tmp_path / "data", size_bytes=4 * MIB)
    farm.answers["/large"] = (200, headers, bytes(4 * MIB))

    status = imported(engine, importing(f"{farm.url}/large"))

    assert status["error"] == "TRANSIENT_STORAGE_SERVICE_ERROR"
    assert files_below(engine.settings.tmp_dir) == []
    assert disk.free_bytes > 3 * MIB
    engine.close()
