"""The golden files that the web room reads are what this engine says.

Compared by shape (every key, and the kind of every value): sizes and bitrates differ between ffmpeg's
releases. After a change that is meant, write them anew:
REWRITE_CONTRACT=1 pytest worker/tests/test_contract.py
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cattube_worker.jobs import tidy
from cattube_worker.jobs.runner import JobRunner
from cattube_worker.wire.signature import sign, verify

from .conftest import SECRET, House

CONTRACT = Path(__file__).parents[2] / "contract"
OUTPUTS_OF_ANY_LENGTH = {"tags", "user_meta"}


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A second of picture and sound."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    picture = ["-f", "lavfi", "-i", "testsrc2=s=1920x1080:r=25:d=1", "-f", "lavfi", "-i", "sine=d=1"]
    command = ["ffmpeg", "-v", "error", "-nostdin", *picture, "-c:v", "libx264", "-preset", "ultrafast", path]
    subprocess.run(list(map(str, command)), check=True)
    return path.read_bytes()


def started(house: House) -> dict[str, Any]:
    return house.assembly(
        path=f"/assemblies/{'c' * 32}",
        steps=None,
        template_id="cattube",
        notify_url="http://127.0.0.1:8000/notifications/transloadit",
        fields={"video": "abcdefghijk", "attempt": 1},
        auth={"nonce": "n" * 22, "max_number_of_files": 1, "max_size": 10**9},
    )


def uploading(house: House, clip: bytes) -> dict[str, Any]:
    assembly = started(house)
    upload = house.open_upload(assembly, len(clip), filename="Cat on a roof.mp4", filetype="video/mp4")
    house.patch(upload, clip[:1000])
    return assembly


def executing(house: House, clip: bytes) -> dict[str, Any]:
    assembly = started(house)
    house.upload(assembly, clip, filename="Cat on a roof.mp4", filetype="video/mp4")
    house.clock.advance(4)
    JobRunner(house.engine, looks_only=True).run_once()
    return assembly


def completed(house: House, clip: bytes) -> dict[str, Any]:
    assembly = executing(house, clip)
    house.clock.advance(20)
    house.work()
    return assembly


def failed(house: House, _clip: bytes) -> dict[str, Any]:
    assembly = started(house)
    house.upload(assembly, b"This is no video.\n" * 40, filename="letter.mp4", filetype="video/mp4")
    house.work()
    return assembly


def canceled(house: House, clip: bytes) -> dict[str, Any]:
    assembly = uploading(house, clip)
    house.client.delete(f"/assemblies/{assembly['assembly_id']}")
    return assembly


def expired(house: House, clip: bytes) -> dict[str, Any]:
    assembly = uploading(house, clip)
    house.clock.advance(25 * 3600)
    tidy.expire_uploads(house.engine)
    return assembly


LIVES = [uploading, executing, completed, failed, canceled, expired]
ENDS = [completed, failed, canceled]


@pytest.mark.ffmpeg
@pytest.mark.parametrize("live", [pytest.param(life, id=life.__name__) for life in LIVES])
def test_status_is_as_the_contract_shows_it(
    house: House, clip: bytes, live: Callable[[House, bytes], dict[str, Any]]
) -> None:
    status = house.status(live(house, clip))

    golden = golden_file(CONTRACT / "statuses" / f"{live.__name__}.json", lambda: masked(status))
    assert shape(status) == shape(golden)
    assert (status.get("ok"), status.get("error")) == (golden.get("ok"), golden.get("error"))


@pytest.mark.ffmpeg
@pytest.mark.parametrize("live", [pytest.param(life, id=life.__name__) for life in ENDS])
def test_notification_is_as_the_contract_shows_it(
    house: House, clip: bytes, live: Callable[[House, bytes], dict[str, Any]]
) -> None:
    status = house.status(live(house, clip))

    golden = golden_file(CONTRACT / "notifications" / f"{live.__name__}.json", lambda: note(masked(status)))
    verify(golden["transloadit"], golden["signature"], secret=golden["secret"])
    assert shape(status) == shape(json.loads(golden["transloadit"]))


def golden_file(path: Path, write: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    if os.environ.get("REWRITE_CONTRACT"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(write(), indent=2, ensure_ascii=False) + "\n")
    return dict(json.loads(path.read_text()))


def note(status: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(status, ensure_ascii=False)
    return {"secret": SECRET, "signature": sign(text, secret=SECRET), "transloadit": text}


def shape(value: object) -> object:
    """The keys, and the kinds of the values, all the way down."""
    if isinstance(value, dict):
        return {
            name: "object" if name in OUTPUTS_OF_ANY_LENGTH else shape(each) for name, each in value.items()
        }
    if isinstance(value, list):
        return [shape(each) for each in value]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return "number" if is_number else type(value).__name__


def masked(status: dict[str, Any]) -> dict[str, Any]:
    """The status with ids that do not change from one writing to the next."""
    text, known = json.dumps(status), {"c" * 32: "c" * 32}

    def stable(found: re.Match[str]) -> str:
        return known.setdefault(found[0], f"{len(known):032x}")

    text = re.sub(r"(?<=signature=)[0-9a-f]{64}", "0" * 64, text)
    return dict(json.loads(re.sub(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", stable, text)))
