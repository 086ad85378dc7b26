"""What a step may say about the objects it stores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cattube_worker.instructions.steps import StepError, read_steps
from cattube_worker.storage import KeyTaken, ObjectAttributes, ObjectMissing, StoreError
from cattube_worker.storage.local import LocalStore

from ...conftest import TestEngine

OWN = {
    "/s3/store": {"bucket": "cats", "key": "id", "secret": "canary"},
    "/backblaze/store": {"bucket": "cats", "app_key_id": "id", "app_key": "canary"},
}


@dataclass
class Shelf:
    """A store that remembers what it is asked for. refusal: raised by every put."""

    puts: list[tuple[str, str | None, ObjectAttributes]] = field(default_factory=list)
    opened: list[dict[str, Any]] = field(default_factory=list)
    refusal: StoreError | None = None

    def put(self, key: str, source: Path, *, content_type: str | None, attributes: ObjectAttributes) -> None:
        if self.refusal is not None:
            raise self.refusal
        if any(key == taken for taken, _, _ in self.puts):
            raise KeyTaken("taken")
        self.puts.append((key, content_type, attributes))

    def url(self, key: str) -> str:
        return f"https://plain.test/{key}"

    def signed_url(self, key: str, *, expires_in: timedelta) -> str:
        return f"https://signed.test/{key}?for={int(expires_in.total_seconds())}"


@pytest.fixture
def shelf(engine: TestEngine) -> Shelf:
    shelf = Shelf()

    def open_shelf(content: Mapping[str, Any]) -> Any:
        shelf.opened.append(dict(content))
        return shelf

    kinds = dict.fromkeys(("s3", "backblaze"), open_shelf)
    engine.use_stores(replace(engine.parts.files.resources.stores, open_by_type=kinds))
    return shelf


def stored(engine: TestEngine, robot: str = "/s3/store", **parameters: Any) -> dict[str, Any]:
    step = {"robot": robot, "use": ":original", "path": "x.txt", **OWN[robot], **parameters}
    assembly = engine.assembly(steps={"kept": step}, fields={"owner": "alice"})
    engine.upload(assembly, b"meow")
    engine.work()
    return engine.status(assembly)


@pytest.mark.parametrize(
    ("robot", "prefix"), [("/s3/store", "x-amz-meta-"), ("/backblaze/store", "X-Bz-Info-")]
)
def test_headers_and_metadata_are_kept_with_the_object(
    engine: TestEngine, shelf: Shelf, robot: str, prefix: str
) -> None:
    headers = {
        "Content-Type": "text/x-cat",
        "Cache-Control": "max-age=60",
        "Content-Disposition": "attachment; filename=${file.name}",
        "Content-Encoding": "identity",
        "Content-Language": "en",
        f"{prefix}Owner": "${fields.owner}",
    }

    stored(engine, robot, headers=headers)

    assert shelf.puts == [
        (
            "x.txt",
            "text/x-cat",
            ObjectAttributes(
                cache_control="max-age=60",
                content_disposition="attachment; filename=cat.txt",
                content_encoding="identity",
                content_language="en",
                metadata={"owner": "alice"},
            ),
        )
    ]


def test_without_headers_the_type_is_the_files_own(engine: TestEngine, shelf: Shelf) -> None:
    stored(engine)

    assert shelf.puts == [("x.txt", "text/plain", ObjectAttributes())]


@pytest.mark.parametrize(
    ("asked", "sent"),
    [("bucket-default", None), ("private", "private"), ("public", "public-read"), ("public-read",) * 2],
)
def test_an_acl_is_sent_only_where_asked_for(
    engine: TestEngine, shelf: Shelf, asked: str, sent: str | None
) -> None:
    stored(engine, acl=asked)

    assert shelf.puts[0][2].acl == sent


def test_objects_are_tagged(engine: TestEngine, shelf: Shelf) -> None:
    stored(engine, tags={"owner": "${fields.owner}", "age": 3})

    assert shelf.puts[0][2].tags == {"owner": "alice", "age": "3"}


@pytest.mark.parametrize(
    ("prefix", "url"),
    [
        ("https://cdn.test/", "https://cdn.test/a/b%20c.txt"),
        ("cdn.test/deep/", "https://cdn.test/deep/a/b%20c.txt"),
        ("http://cdn.test/", "http://cdn.test/a/b%20c.txt"),
    ],
)
def test_the_address_reported_begins_as_asked_for(
    engine: TestEngine, shelf: Shelf, prefix: str, url: str
) -> None:
    status = stored(engine, path="a/b c.txt", url_prefix=prefix)

    (file,) = status["results"][":original"]
    assert (file["url"], file["ssl_url"], file["is_temp_url"]) == (url, url, False)


def test_an_address_may_be_signed_for_as_long_as_asked_for(engine: TestEngine, shelf: Shelf) -> None:
    (file,) = stored(engine, sign_urls_for=60, url_prefix="https://cdn.test/")["results"][":original"]

    assert file["url"] == "https://cdn.test/x.txt"
    assert file["signed_url"] == file["signed_ssl_url"] == "https://signed.test/x.txt?for=60"


def test_d46_unasked_for_there_is_no_signed_address(engine: TestEngine, shelf: Shelf) -> None:
    (file,) = stored(engine)["results"][":original"]

    assert file["url"] == "https://plain.test/x.txt"
    assert "signed_url" not in file


def test_a_signed_address_of_the_engines_own_store_is_whole(engine: TestEngine) -> None:
    step = {"robot": "/s3/store", "credentials": "cattube", "path": "x.txt", "sign_urls_for": 60}
    assembly = engine.assembly(steps={"kept": step})
    engine.upload(assembly, b"meow")
    engine.work()

    (file,) = engine.status(assembly)["results"][":original"]

    assert engine.get(file["signed_url"]).data == b"meow"
    engine.clock.advance(2 * 3600)
    assert engine.get(file["signed_url"]).status_code != 200


def test_a_step_says_where_its_bucket_is(engine: TestEngine, shelf: Shelf) -> None:
    where: dict[str, Any] = {
        "bucket_region": "eu-west-1",
        "host": "https://s3.test",
        "no_vhost": True,
        "session_token": "t",
    }

    stored(engine, **where)

    assert shelf.opened == [{**OWN["/s3/store"], **where}]


@pytest.mark.parametrize(
    ("robot", "refusal", "code"),
    [
        ("/s3/store", ObjectMissing("There is no such bucket."), "S3_STORE_NOT_FOUND"),
        ("/backblaze/store", ObjectMissing("There is no such bucket."), "BACKBLAZE_STORE_FAILURE"),
        ("/s3/store", StoreError("Broken.", retryable=False), "S3_STORE_FAILURE"),
    ],
)
def test_what_goes_wrong_has_transloadits_code(
    engine: TestEngine, shelf: Shelf, robot: str, refusal: StoreError, code: str
) -> None:
    shelf.refusal = refusal

    assert stored(engine, robot)["error"] == code


@pytest.mark.parametrize("asked", [{"acl": "public-read"}, {"tags": {"kind": "cat"}}], ids=["public", "tags"])
def test_what_the_engines_own_store_cannot_keep_is_refused(engine: TestEngine, asked: dict[str, Any]) -> None:
    step = {"robot": "/s3/store", "credentials": "cattube", **asked}
    assembly = engine.assembly(steps={"kept": step})
    engine.upload(assembly, b"meow")
    engine.work()

    assert engine.status(assembly)["error"] == "S3_STORE_VALIDATION"
    assert isinstance(engine.parts.files.local_store, LocalStore)
    assert list(engine.parts.files.local_store.keys("", recursive=True)) == []


@pytest.mark.parametrize(
    ("robot", "parameters"),
    [
        pytest.param("/s3/store", {"path": "folder/"}, id="folder"),
        pytest.param("/s3/store", {"acl": "everybody"}, id="acl"),
        pytest.param("/s3/store", {"tags": {str(n): "x" for n in range(11)}}, id="eleven-tags"),
        pytest.param("/s3/store", {"tags": {"a": "b&c=d"}}, id="tag-in-tag"),
        pytest.param("/s3/store", {"headers": {"x-amz-acl": "public-read"}}, id="acl-as-header"),
        pytest.param("/s3/store", {"headers": {"x-amz-meta-sha256": "0"}}, id="our-own-metadata"),
        pytest.param("/s3/store", {"headers": {"Cache-Control": "a\r\nX: b"}}, id="header-in-header"),
        pytest.param("/s3/store", {"url_prefix": "javascript://alert(1)"}, id="prefix"),
        pytest.param("/s3/store", {"sign_urls_for": -1}, id="signed-before"),
        pytest.param("/s3/store", {"sign_urls_for": 604_801}, id="signed-for-ever"),
        pytest.param("/backblaze/store", {"acl": "private"}, id="b2-has-no-acl"),
        pytest.param("/backblaze/store", {"headers": {"X-Bz-Other": "x"}}, id="b2-header"),
    ],
)
def test_m22_what_no_object_can_have_is_refused_at_once(robot: str, parameters: dict[str, Any]) -> None:
    with pytest.raises(StepError) as caught:
        read_steps({"kept": {"robot": robot, **OWN[robot], **parameters}})

    assert caught.value.code == robot.strip("/").replace("/", "_").upper() + "_VALIDATION"
