"""The files in archives, and archives that are bombs or traps."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import threading
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from cattube_worker.errors import AssemblyError
from cattube_worker.instructions.steps import StepError, read_steps
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.tools import Tools
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.file_decompress.robot import FileDecompress
from cattube_worker.robots.shared.input_files import InputFile
from cattube_worker.storage import Stores

from ...conftest import TestEngine, files_below

FILES = {"cat.txt": b"meow", "photos/2024/dög.txt": b"woof" * 1000}
MIB = 2**20


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", method) as archive:
        archive.mkdir("photos")
        for path, content in files.items():
            archive.writestr(path, content)
    return body.getvalue()


def tarred(files: Mapping[str, bytes], *members: tarfile.TarInfo) -> bytes:
    body = io.BytesIO()
    with tarfile.open(fileobj=body, mode="w") as archive:
        for path, content in files.items():
            info = tarfile.TarInfo(path)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for member in members:
            archive.addfile(member)
    return body.getvalue()


def special(kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo("link")
    info.type, info.linkname = kind, target
    return info


def unpacked(engine: TestEngine, body: bytes, name: str = "pets.zip", **parameters: Any) -> dict[str, Any]:
    """The status after the archive was unpacked."""
    steps = {"made": {"robot": "/file/decompress", "use": ":original", "result": True, **parameters}}
    assembly = engine.assembly(steps=steps)
    engine.upload(assembly, body, filename=name)
    engine.work()
    return engine.status(assembly)


def refusal(folder: Path, body: bytes, *, most_bytes: int = 2**30) -> AssemblyError:
    """The error by which the robot alone refuses an archive, which it unpacks below the folder."""
    (folder / "job").mkdir()
    source = folder / "upload"
    source.write_bytes(body)
    file = InputFile(path=source, name="pets.zip", basename="pets", size_bytes=len(body))
    workspace = Workspace(
        folder=folder / "job",
        tools=Tools(ffmpeg=Path("ffmpeg"), ffprobe=None, version="", sandbox=()),
        limits=Limits(max_upload_bytes=most_bytes),
        report=lambda share: None,
        stop=threading.Event(),
        stores=Stores({}),
    )
    with pytest.raises(AssemblyError) as caught:
        FileDecompress().make([file], workspace)
    return caught.value


@pytest.mark.parametrize(
    ("name", "body"),
    [
        pytest.param("pets.zip", zipped(FILES), id="zip"),
        pytest.param("pets.bin", zipped(FILES, zipfile.ZIP_STORED), id="zip-stored-of-another-name"),
        pytest.param("pets.tar", tarred(FILES), id="tar"),
        pytest.param("pets.tar.gz", gzip.compress(tarred(FILES)), id="tar-gz"),
        pytest.param("pets.tar.bz2", bz2.compress(tarred(FILES)), id="tar-bz2"),
        pytest.param("pets.tar.xz", lzma.compress(tarred(FILES)), id="tar-xz"),
    ],
)
def test_f78_all_files_of_an_archive_come_out(engine: TestEngine, name: str, body: bytes) -> None:
    status = unpacked(engine, body, name)

    assert status["ok"] == "ASSEMBLY_COMPLETED", status
    files = status["results"]["made"]
    assert [(file["name"], file["meta"]["archive_directory"], file["mime"]) for file in files] == [
        ("cat.txt", "", "text/plain"),
        ("dög.txt", "photos/2024", "text/plain"),
    ]
    assert [engine.get(file["ssl_url"]).data for file in files] == list(FILES.values())
    assert {file["original_id"] for file in files} == {status["uploads"][0]["id"]}


@pytest.mark.parametrize(
    ("name", "body", "unpacked_name"),
    [
        pytest.param("cat.txt.gz", gzip.compress(b"meow"), "cat.txt", id="gzip"),
        pytest.param("cat.txt.gz", gzip.compress(b"me") + gzip.compress(b"ow"), "cat.txt", id="two-parts"),
        pytest.param("cat.txt.bz2", bz2.compress(b"meow"), "cat.txt", id="bzip2"),
        pytest.param("cat.txt.xz", lzma.compress(b"me") + lzma.compress(b"ow"), "cat.txt", id="xz"),
        pytest.param("cat", gzip.compress(b"meow"), "cat", id="without-an-ending"),
    ],
)
def test_f78_a_single_file_that_was_packed_comes_out(
    engine: TestEngine, name: str, body: bytes, unpacked_name: str
) -> None:
    status = unpacked(engine, body, name)

    (file,) = status["results"]["made"]
    assert (file["name"], engine.get(file["ssl_url"]).data) == (unpacked_name, b"meow")


def test_f78_an_archive_that_was_made_here_comes_out_as_it_was(engine: TestEngine) -> None:
    steps = {
        "packed": {"robot": "/file/compress", "use": ":original", "gzip": True, "path": "a/b/${file.name}"},
        "unpacked": {"robot": "/file/decompress", "use": "packed"},
        "again": {
            "robot": "/file/compress", "use": "unpacked", "format": "zip", "file_layout": "relative-path",
        },
    }  # fmt: skip
    assembly = engine.assembly(steps=steps)
    engine.upload(assembly, b"meow", filename="cat.txt")
    engine.work()

    (file,) = engine.status(assembly)["results"]["again"]
    with zipfile.ZipFile(io.BytesIO(engine.get(file["ssl_url"]).data)) as archive:
        assert archive.namelist() == ["a/b/cat.txt"]
        assert archive.read("a/b/cat.txt") == b"meow"


def test_f78_files_without_a_byte_are_left_out(engine: TestEngine) -> None:
    for body in (zipped({"empty": b"", "cat.txt": b"meow"}), tarred({"empty": b"", "cat.txt": b"meow"})):
        assert [file["name"] for file in unpacked(engine, body)["results"]["made"]] == ["cat.txt"]


def encrypted() -> bytes:
    """An archive whose entry says that it is encrypted."""
    body = bytearray(zipped({"cat.txt": b"meow"}))
    for signature, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        body[body.rindex(signature) + flags] |= 1
    return bytes(body)


def test_m44_an_encrypted_archive_is_refused_as_that(tmp_path: Path) -> None:
    error = refusal(tmp_path, encrypted())

    assert (error.code, error.status) == ("FILE_DECOMPRESS_PASSWORD_REQUIRED", 400)
    assert str(error) == '"pets.zip" is encrypted: encrypted archives are not unpacked here.'


def zip_link() -> bytes:
    info = zipfile.ZipInfo("link")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    return body.getvalue()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(zip_link(), id="zip"),
        pytest.param(tarred(FILES, special(tarfile.SYMTYPE, "/etc/passwd")), id="symbolic-link"),
        pytest.param(tarred(FILES, special(tarfile.LNKTYPE, "cat.txt")), id="hard-link"),
        pytest.param(tarred(FILES, special(tarfile.CHRTYPE)), id="device"),
        pytest.param(tarred(FILES, special(tarfile.FIFOTYPE)), id="pipe"),
        pytest.param(gzip.compress(tarred({}, special(tarfile.SYMTYPE, "cat.txt"))), id="packed"),
    ],
)
def test_m44_an_archive_with_a_link_is_refused(tmp_path: Path, body: bytes) -> None:
    error = refusal(tmp_path, body)

    assert (error.code, error.status) == ("FILE_DECOMPRESS_INVALID_INPUT", 400)
    assert "holds a link" in str(error)
    assert not any(path.is_symlink() for path in tmp_path.rglob("*"))


@pytest.mark.parametrize(
    "path", ["../cat.txt", "a/../../cat.txt", "/etc/cat.txt", "C:\\cat.txt", "..\\cat.txt", "a/" * 2100]
)
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_m44_a_path_that_leads_elsewhere_is_refused(
    tmp_path: Path, path: str, pack: Callable[[Mapping[str, bytes]], bytes]
) -> None:
    error = refusal(tmp_path, pack({"cat.txt": b"meow", path.removesuffix("/"): b"canary"}))

    assert error.code == "FILE_DECOMPRESS_INVALID_INPUT"
    assert "leads out of its folder" in str(error)
    assert {path.name for path in tmp_path.iterdir()} == {"job", "upload"}
    assert not any(path.name.endswith("cat.txt") for path in tmp_path.rglob("*"))


def large_directory() -> bytes:
    """An archive of few bytes a file, whose directory alone is too large to be read."""
    return zipped({f"{index:05}" + "x" * 200: b"" for index in range(5000)})


def pax_header(body: bytes) -> bytes:
    """A header with further headers in it."""
    info = tarfile.TarInfo("header")
    info.type, info.size = tarfile.XHDTYPE, len(body)
    return info.tobuf(tarfile.USTAR_FORMAT) + body + bytes(-len(body) % 512)


def sparse() -> bytes:
    """A file of 8 GiB of zeros in GNU's sparse form, of 512 bytes."""
    info = tarfile.TarInfo("zeros")
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    header[156:157] = tarfile.GNUTYPE_SPARSE
    header[483:495] = b"100000000000"
    header[148:156] = b" " * 8
    header[148:156] = f"{sum(header):06o}\0 ".encode()
    return bytes(header) + bytes(1024)


# Made by functions: nothing is packed while tests are collected.
@pytest.mark.parametrize(
    ("make", "reason"),
    [
        pytest.param(
            lambda: zipped({f"{index}": b"x" for index in range(1001)}),
            "holds 1,001 files, where 1,000 are allowed",
            id="many-in-zip",
        ),
        pytest.param(
            lambda: tarred({f"{index}": b"x" for index in range(1001)}), "1,000 files", id="many-in-tar"
        ),
        pytest.param(large_directory, "headers", id="large-directory"),
        pytest.param(lambda: pax_header(b"x" * 20_000), "headers", id="large-header"),
        pytest.param(lambda: pax_header(b"10 a=12345\n" * 700) * 300, "headers", id="many-headers"),
        pytest.param(lambda: pax_header(b"1" * 8000) * 100, "headers", id="digits-that-keep-a-parser-busy"),
        pytest.param(lambda: zipped({"zeros": bytes(100 * MIB)}), "200 times", id="zip-bomb"),
        pytest.param(lambda: gzip.compress(bytes(100 * MIB)), "200 times", id="gzip-bomb"),
        pytest.param(lambda: bz2.compress(bytes(100 * MIB)), "200 times", id="bzip2-bomb"),
        pytest.param(lambda: lzma.compress(bytes(100 * MIB)), "200 times", id="xz-bomb"),
        pytest.param(
            lambda: gzip.compress(tarred({"zeros": bytes(100 * MIB)})), "200 times", id="tar-gz-bomb"
        ),
        pytest.param(sparse, "no plain file", id="sparse"),
    ],
)
def test_m44_a_bomb_is_refused(tmp_path: Path, make: Callable[[], bytes], reason: str) -> None:
    error = refusal(tmp_path, make())

    assert (error.code, error.status) == ("FILE_DECOMPRESS_INVALID_INPUT", 400)
    assert reason in str(error)
    written = sum(path.stat().st_size for path in (tmp_path / "job").rglob("*") if path.is_file())
    # 64 MiB may come of any archive.
    assert written < 90 * MIB


def test_m44_a_bomb_ends_its_assembly_and_leaves_nothing(engine: TestEngine) -> None:
    status = unpacked(engine, gzip.compress(bytes(100 * MIB)))

    assert (status["error"], status["http_code"]) == ("FILE_DECOMPRESS_INVALID_INPUT", 400)
    assert status["message"].endswith("and unpacks to more than the 200 times as much that are allowed.")
    assert [name for name in files_below(engine.settings.cattube_data) if "archive-" in name] == []


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(zipped(FILES), id="zip"),
        pytest.param(tarred(FILES), id="tar"),
        pytest.param(gzip.compress(FILES["cat.txt"] * 1000), id="gzip"),
    ],
)
def test_m44_more_bytes_than_an_upload_may_have_are_refused_with_the_number(
    tmp_path: Path, body: bytes
) -> None:
    error = refusal(tmp_path, body, most_bytes=3000)

    assert error.code == "FILE_DECOMPRESS_INVALID_INPUT"
    assert "and unpacks to more than the 2.93 KiB that are allowed" in str(error)


def wrong_size() -> bytes:
    """A TAR archive whose file is longer than the archive."""
    body = bytearray(tarred({"cat.txt": b"meow"}))
    body[124:135] = b"77777777777"
    body[148:156] = b" " * 8
    body[148:156] = f"{sum(body[:512]):06o}\0 ".encode()
    return bytes(body)


def wrong_checksum() -> bytes:
    """A ZIP archive whose bytes are others than were packed."""
    body = bytearray(zipped({"cat.txt": b"meow"}, zipfile.ZIP_STORED))
    body[body.index(b"meow")] ^= 1
    return bytes(body)


def greedy_xz() -> bytes:
    """A file that asks for more than a gigabyte of memory."""
    return lzma.compress(b"meow", filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 2**30}])


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(zipped(FILES)[:-30], id="zip-cut-off"),
        pytest.param(gzip.compress(b"meow" * 1000)[:-10], id="gzip-cut-off"),
        pytest.param(bz2.compress(b"meow" * 1000)[:-10], id="bzip2-cut-off"),
        pytest.param(lzma.compress(b"meow" * 1000)[:-10], id="xz-cut-off"),
        pytest.param(b"\x1f\x8b" + bytes(100), id="no-gzip"),
        pytest.param(wrong_size(), id="tar-longer-than-it-is"),
        pytest.param(wrong_checksum(), id="wrong-checksum"),
        pytest.param(greedy_xz(), id="xz-of-much-memory"),
        pytest.param(b"PK\3\4" + struct.pack("<22x") * 40, id="no-zip"),
    ],
)
def test_m44_a_damaged_archive_is_refused(tmp_path: Path, body: bytes) -> None:
    error = refusal(tmp_path, body)

    assert error.code == "FILE_DECOMPRESS_INVALID_INPUT"
    assert str(error) == '"pets.zip" is damaged: it cannot be unpacked.'


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(b"meow", "is no archive we can unpack", id="text"),
        pytest.param(b"7z\xbc\xaf\x27\x1c" + bytes(600), "is no archive we can unpack", id="seven-zip"),
        pytest.param(zipped({}), "holds no files", id="empty-zip"),
        pytest.param(zipped(FILES, zipfile.ZIP_LZMA), "in a way that is not read here", id="zip-lzma"),
    ],
)
def test_f78_what_is_not_unpacked_here_is_refused_in_words(tmp_path: Path, body: bytes, reason: str) -> None:
    error = refusal(tmp_path, body)

    assert error.code == "FILE_DECOMPRESS_INVALID_INPUT"
    assert reason in str(error)


def test_f78_a_password_is_refused_at_creation() -> None:
    with pytest.raises(StepError, match='"password" of the step "made"') as caught:
        read_steps({"made": {"robot": "/file/decompress", "password": "secret"}})

    assert caught.value.code == "FILE_DECOMPRESS_VALIDATION"
