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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from cattube_worker.execution.outbox import Outbox
from cattube_worker.outbound.http import Answer, Outbound
from cattube_worker.protocol.signature import sign, verify

from .conftest import SECRET, TestEngine, open_test_engine
from .lives import ENDS, LIVES

CONTRACT = Path(__file__).parents[2] / "contract"
# Forms that break off leave no assembly here; the site must understand the hosted service all the same.
OF_THE_SERVICE_ALONE = {"request_aborted"}
OUTPUTS_OF_ANY_LENGTH = {"tags", "user_meta"}


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A second of picture and sound."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    picture = ["-f", "lavfi", "-i", "testsrc2=s=1920x1080:r=25:d=1", "-f", "lavfi", "-i", "sine=d=1"]
    command = ["ffmpeg", "-v", "error", "-nostdin", *picture, "-c:v", "libx264", "-preset", "ultrafast", path]
    subprocess.run(list(map(str, command)), check=True)
    return path.read_bytes()


@pytest.mark.ffmpeg
@pytest.mark.parametrize("name", LIVES)
def test_status_is_as_the_contract_shows_it(engine: TestEngine, clip: bytes, name: str) -> None:
    status = engine.status(LIVES[name](engine, clip))

    golden = golden_file(CONTRACT / "statuses" / f"{name}.json", lambda: masked(status))
    assert shape(status) == shape(golden)
    assert outcome(status) == outcome(golden)


def test_contract_shows_no_status_that_nobody_makes() -> None:
    shown = {path.stem for path in (CONTRACT / "statuses").glob("*.json")}

    assert shown == {*LIVES, *OF_THE_SERVICE_ALONE}


@pytest.mark.ffmpeg
@pytest.mark.parametrize("name", ENDS)
def test_notification_is_as_the_contract_shows_it(engine: TestEngine, clip: bytes, name: str) -> None:
    ENDS[name](engine, clip)

    told = sent(engine)

    def written() -> dict[str, Any]:
        return note(masked(json.loads(told["transloadit"])))

    golden = golden_file(CONTRACT / "notifications" / f"{name}.json", written)
    for each, secret in ((told, SECRET), (golden, golden["secret"])):
        verify(each["transloadit"], each["signature"], secret=secret)
    status, shown = json.loads(told["transloadit"]), json.loads(golden["transloadit"])
    assert shape(status) == shape(shown)
    assert outcome(status) == outcome(shown)


@pytest.mark.ffmpeg
@pytest.mark.parametrize("name", ["success", "failed"])
def test_way_of_an_announced_video_is_as_the_contract_shows_it(
    tmp_path: Path, clip: bytes, name: str
) -> None:
    engine = open_test_engine(tmp_path, allow_anonymous_videos="true")
    asked = {"inputObject": "raw/cat.mp4", "webhook": "http://127.0.0.1:8000/notifications/videos"}
    if name == "success":
        lie = engine.services.settings.bucket_dir / asked["inputObject"]
        lie.parent.mkdir()
        lie.write_bytes(clip)

    answer = engine.client.post("/videos", json=asked).get_json()
    engine.work()
    way = {"request": asked, "answer": answer, "notification": posted(engine)}

    golden = golden_file(CONTRACT / "videos" / f"{name}.json", lambda: masked(way))
    assert shape(way) == shape(golden)
    assert masked(way) == golden
    engine.services.database.close()


@dataclass(frozen=True)
class Site(Outbound):
    """Stands at the network's border, takes every notification and keeps it."""

    bodies: list[bytes] = field(default_factory=list)

    def post(self, url: str, body: bytes, *, content_type: str) -> Answer:
        self.bodies.append(body)
        return Answer(204, "")


def sent(engine: TestEngine) -> dict[str, str]:
    """The fields of the one notification that is to be sent."""
    return {name: values[0] for name, values in parse_qs(delivered(engine).decode()).items()}


def posted(engine: TestEngine) -> dict[str, Any]:
    """The one notification of an announced video."""
    return dict(json.loads(delivered(engine)))


def delivered(engine: TestEngine) -> bytes:
    site = Site()
    while Outbox(engine.services, site).deliver_one():
        pass
    (body,) = site.bodies
    return body


def outcome(status: dict[str, Any]) -> tuple[Any, ...]:
    return status.get("ok"), status.get("error"), status["http_code"]


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
