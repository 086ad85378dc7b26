"""Archives of files."""

from __future__ import annotations

import io
import re
import tarfile
import zipfile
from dataclasses import replace
from typing import Any

import pytest

from cattube_worker.instructions.steps import StepError, read_steps

from ...conftest import TestEngine

ALL = {"steps": [":original"], "bundle_steps": True}
FILES = {"Cat.txt": b"meow" * 1000, "dög.txt": b"woof"}


def compressed(engine: TestEngine, *files: tuple[str, bytes], **parameters: Any) -> dict[str, Any]:
    """The status after an archive was made of these files."""
    step = {"robot": "/file/compress", "use": ALL, "result": True, **parameters}
    assembly = engine.assembly(steps={"packed": step}, expected=len(files or FILES))
    for name, body in files or FILES.items():
        engine.upload(assembly, body, filename=name)
    engine.work()
    return engine.status(assembly)


def archive(engine: TestEngine, status: dict[str, Any]) -> bytes:
    assert status["ok"] == "ASSEMBLY_COMPLETED", status
    (file,) = status["results"]["packed"]
    return bytes(engine.get(file["ssl_url"]).data)


def members(body: bytes) -> dict[str, bytes]:
    """The files in an archive, by their paths."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            assert packed.testzip() is None
            return {info.filename: packed.read(info) for info in packed.infolist()}
    with tarfile.open(fileobj=io.BytesIO(body)) as unpacked:
        files = {member.name: unpacked.extractfile(member) for member in unpacked}
        return {name: file.read() for name, file in files.items() if file is not None}


@pytest.mark.parametrize(
    ("parameters", "name", "mime", "beginning"),
    [
        pytest.param({}, "Cat.tar", "application/x-tar", b"Cat.txt", id="tar"),
        pytest.param({"gzip": True}, "Cat.tar.gz", "application/gzip", b"\x1f\x8b", id="tar-gz"),
        pytest.param({"format": "zip"}, "Cat.zip", "application/zip", b"PK\3\4", id="zip"),
        pytest.param(
            {"format": "zip", "archive_name": "a/all"}, "all.zip", "application/zip", b"PK", id="named"
        ),
    ],
)
def test_f77_all_files_of_a_bundle_are_in_the_archive(
    engine: TestEngine, parameters: dict[str, Any], name: str, mime: str, beginning: bytes
) -> None:
    status = compressed(engine, file_layout="simple", **parameters)

    body = archive(engine, status)
    (file,) = status["results"]["packed"]
    assert (file["name"], file["mime"], file["size"]) == (name, mime, len(body))
    assert sorted(file["original_id"]) == sorted(upload["id"] for upload in status["uploads"])
    assert body.startswith(beginning)
    assert members(body) == FILES


@pytest.mark.parametrize("form", [{"gzip": True}, {"format": "zip"}])
def test_f77_an_archive_is_as_small_as_asked_for(engine: TestEngine, form: dict[str, Any]) -> None:
    plain = archive(engine, compressed(engine, compression_level=0, **form))
    packed = archive(engine, compressed(engine, compression_level=-9, **form))

    assert len(plain) > len(FILES["Cat.txt"]) > len(packed)


def test_f77_files_lie_in_a_folder_for_their_step_unless_asked_otherwise(engine: TestEngine) -> None:
    steps = {
        "small": {"robot": "/file/filter", "use": ":original", "accepts": [["${file.size}", "<", 5]]},
        "packed": {
            "robot": "/file/compress", "result": True,
            "use": {"steps": [":original", "small"], "bundle_steps": True},
        },
    }  # fmt: skip
    assembly = engine.assembly(steps=steps)
    engine.upload(assembly, b"meow", filename="cat.txt")
    engine.work()

    first, second = members(archive(engine, engine.status(assembly)))
    upload = re.fullmatch(r":original/(?P<prefix>[0-9a-f]{2})_cat\.txt", first)
    assert upload is not None
    assert re.fullmatch(rf"small/{upload['prefix']}_[0-9a-f]{{2}}_cat\.txt", second)


def test_f77_files_of_one_name_are_numbered(engine: TestEngine) -> None:
    status = compressed(engine, ("cat.txt", b"1"), ("cat.txt", b"2"), ("cat.txt", b"3"), file_layout="simple")

    assert list(members(archive(engine, status))) == ["cat.txt", "cat_1.txt", "cat_2.txt"]


def test_f77_a_path_is_made_of_each_files_own_variables(engine: TestEngine) -> None:
    status = compressed(engine, path="${file.ext}/${file.size}-${file.name}")

    assert members(archive(engine, status)) == {
        "txt/4000-Cat.txt": FILES["Cat.txt"],
        "txt/4-dög.txt": FILES["dög.txt"],
    }


def test_f77_a_path_stays_as_it_is_written_where_variables_are_off(engine: TestEngine) -> None:
    status = compressed(engine, path="${file.ext}", interpolate={"path": False})

    assert list(members(archive(engine, status))) == ["${file.ext}", "${file_1.ext}"]


@pytest.mark.parametrize("path", ["../../${file.name}", "/etc/${file.name}", "a/../../${file.name}"])
@pytest.mark.parametrize("form", ["tar", "zip"])
def test_f77_no_path_leads_out_of_the_archive(engine: TestEngine, path: str, form: str) -> None:
    status = compressed(engine, format=form, path=path)

    for name in members(archive(engine, status)):
        assert not name.startswith("/")
        assert ".." not in name.split("/")


def test_f77_files_larger_than_an_archive_may_be_are_refused_with_both_numbers(engine: TestEngine) -> None:
    resources = engine.parts.files.resources
    limits = replace(resources.limits, max_output_bytes=2**10)
    object.__setattr__(resources, "limits", limits)

    status = compressed(engine)

    assert status["error"] == "FILE_COMPRESS_INVALID_INPUT"
    assert "3.91 KiB" in status["message"]
    assert "1 KiB are allowed" in status["message"]


@pytest.mark.parametrize(
    "parameters", [{"format": "rar"}, {"compression_level": 1}, {"password": "secret"}, {"path": ""}]
)
def test_f77_an_archive_that_cannot_be_made_is_refused_at_creation(parameters: dict[str, Any]) -> None:
    with pytest.raises(StepError, match='of the step "packed"') as caught:
        read_steps({"packed": {"robot": "/file/compress", **parameters}})

    assert caught.value.code == "FILE_COMPRESS_VALIDATION"


def test_f77_no_password_is_no_reason_to_refuse(engine: TestEngine) -> None:
    assert archive(engine, compressed(engine, password=None))
