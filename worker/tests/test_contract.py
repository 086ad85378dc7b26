"""The golden files, which the site's tests read, are what this engine writes.

Compared by shape (every key, and the kind of every value): sizes and bitrates differ between ffmpeg's
releases. After an intended change, write them anew:
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

from cattube_worker.outbound.http import Answer, Outbound
from cattube_worker.protocol.signature import sign, verify

from .assembly_states import FINAL_STATES, STATES
from .conftest import SECRET, TestEngine, open_test_engine

CONTRACT = Path(__file__).parents[2] / "contract"
# Forms that break off leave no assembly in this engine, but the site must read the hosted service's too.
HOSTED_ONLY = {"request_aborted"}
OPEN_OBJECTS = {"tags", "user_meta"}


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A second of video with sound."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    picture = ["-f", "lavfi", "-i", "testsrc2=s=1920x1080:r=25:d=1", "-f", "lavfi", "-i", "sine=d=1"]
    command = ["ffmpeg", "-v", "error", "-nostdin", *picture, "-c:v", "libx264", "-preset", "ultrafast", path]
    subprocess.run(list(map(str, command)), check=True)
    return path.read_bytes()


@pytest.mark.ffmpeg
@pytest.mark.parametrize("name", STATES)
def test_status_is_as_the_contract_shows_it(engine: TestEngine, clip: bytes, name: str) -> None:
    status = engine.status(STATES[name](engine, clip))

    golden = golden_file(CONTRACT / "statuses" / f"{name}.json", lambda: masked(status))
    assert shape(status) == shape(golden)
    assert outcome(status) == outcome(golden)


def test_contract_has_no_status_that_no_engine_writes() -> None:
    names = {path.stem for path in (CONTRACT / "statuses").glob("*.json")}

    assert names == {*STATES, *HOSTED_ONLY}


@pytest.mark.ffmpeg
@pytest.mark.parametrize("name", FINAL_STATES)
def test_notification_is_as_the_contract_shows_it(engine: TestEngine, clip: bytes, name: str) -> None:
    FINAL_STATES[name](engine, clip)

    form = notification_form(engine)

    def write() -> dict[str, Any]:
        return signed_form(masked(json.loads(form["transloadit"])))

    golden = golden_file(CONTRACT / "notifications" / f"{name}.json", write)
    for fields, secret in ((form, SECRET), (golden, golden["secret"])):
        verify(fields["transloadit"], fields["signature"], secret=secret)
    status, golden_status = json.loads(form["transloadit"]), json.loads(golden["transloadit"])
    assert shape(status) == shape(golden_status)
    assert outcome(status) == outcome(golden_status)


@pytest.mark.ffmpeg
@pytest.mark.parametrize("name", ["success", "failed"])
def test_video_request_is_as_the_contract_shows_it(tmp_path: Path, clip: bytes, name: str) -> None:
    engine = open_test_engine(tmp_path, allow_anonymous_videos="true")
    request = {"inputObject": "raw/cat.mp4", "webhook": "http://127.0.0.1:8000/notifications/videos"}
    if name == "success":
        video = engine.settings.bucket_dir / request["inputObject"]
        video.parent.mkdir()
        video.write_bytes(clip)

    answer = engine.client.post("/videos", json=request).get_json()
    engine.work()
    exchange = {"request": request, "answer": answer, "notification": posted(engine)}

    golden = golden_file(CONTRACT / "videos" / f"{name}.json", lambda: masked(exchange))
    assert shape(exchange) == shape(golden)
    assert masked(exchange) == golden
    engine.close()


@dataclass(frozen=True)
class Site(Outbound):
    """The receiver of notifications, in place of the network."""

    bodies: list[bytes] = field(default_factory=list)

    def post(self, url: str, body: bytes, *, content_type: str) -> Answer:
        self.bodies.append(body)
        return Answer(204, "")


def notification_form(engine: TestEngine) -> dict[str, str]:
    """The form fields of the one notification."""
    return {name: values[0] for name, values in parse_qs(delivered(engine).decode()).items()}


def posted(engine: TestEngine) -> dict[str, Any]:
    """The one notification to the webhook of a video request."""
    return dict(json.loads(delivered(engine)))


def delivered(engine: TestEngine) -> bytes:
    site = Site()
    while engine.outbox(site).deliver_one():
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


def signed_form(status: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(status, ensure_ascii=False)
    return {"secret": SECRET, "signature": sign(text, secret=SECRET), "transloadit": text}


def shape(value: object) -> object:
    """The keys and the types of the values, at any depth."""
    if isinstance(value, dict):
        return {name: "object" if name in OPEN_OBJECTS else shape(item) for name, item in value.items()}
    if isinstance(value, list):
        return [shape(item) for item in value]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return "number" if is_number else type(value).__name__


def masked(status: dict[str, Any]) -> dict[str, Any]:
    """The document with ids and signatures that are the same each time it is written."""
    text, known = json.dumps(status), {"c" * 32: "c" * 32}

    def stable_id(match: re.Match[str]) -> str:
        return known.setdefault(match[0], f"{len(known):032x}")

    text = re.sub(r"(?<=signature=)[0-9a-f]{64}", "0" * 64, text)
    return dict(json.loads(re.sub(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", stable_id, text)))
