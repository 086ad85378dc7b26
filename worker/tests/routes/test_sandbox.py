"""What clients and operators hear of the sandbox around ffmpeg."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cattube_worker.background.background import Background
from cattube_worker.media.process import tools

from ..conftest import TestEngine, open_test_engine

EngineOfATest = Callable[..., TestEngine]
HTTPS = "https://engine.example.org"


@pytest.fixture
def open_engine(tmp_path: Path) -> Iterator[EngineOfATest]:
    engines: list[TestEngine] = []

    def make(**settings: object) -> TestEngine:
        engines.append(open_test_engine(tmp_path, None, **settings))
        return engines[-1]

    yield make
    for engine in engines:
        engine.close()


@pytest.fixture
def without_sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine with no layer but the limits."""
    monkeypatch.setattr(tools, "is_available", lambda layer: False)
    tools._sandbox_of.cache_clear()
    yield
    tools._sandbox_of.cache_clear()


@pytest.fixture
def with_sandbox(open_engine: EngineOfATest) -> None:
    if tools.find_tools().open_walls:
        pytest.skip("this machine cannot fence ffmpeg in")


@pytest.mark.usefixtures("with_sandbox")
def test_m24_health_names_the_layers(open_engine: EngineOfATest) -> None:
    health = open_engine(public_url=HTTPS, require_sandbox="true").client.get("/healthz").get_json()

    assert "sandbox" not in health["degraded"]
    assert health["sandbox"]["open"] == []
    assert "rlimits" in health["sandbox"]["layers"]
    assert {"bubblewrap", "landlock"} & set(health["sandbox"]["layers"])


@pytest.mark.usefixtures("without_sandbox")
@pytest.mark.parametrize(
    ("settings", "is_degraded"),
    [
        pytest.param({}, False, id="private-site"),
        pytest.param({"public_url": "http://engine.local"}, False, id="plain"),
        pytest.param({"public_url": HTTPS}, True, id="https"),
        pytest.param({"require_sandbox": "true"}, True, id="required"),
    ],
)
def test_m24_limits_alone_are_too_little_for_a_public_site(
    open_engine: EngineOfATest, settings: dict[str, str], is_degraded: bool
) -> None:
    health = open_engine(**settings).client.get("/healthz").get_json()

    assert health["sandbox"] == {"layers": ["rlimits"], "open": ["read", "write", "connect", "signal"]}
    assert health["ok"] != is_degraded
    assert list(health["degraded"]) == (["sandbox"] if is_degraded else [])
    assert "read the files of the engine" in health["degraded"].get("sandbox", "read the files of the engine")


@pytest.mark.usefixtures("without_sandbox")
def test_m24_without_the_sandbox_that_is_required_nothing_is_processed(open_engine: EngineOfATest) -> None:
    engine = open_engine(require_sandbox="true", job_attempts=2)
    assembly = engine.assembly()
    engine.upload(assembly, b"meow")

    engine.work()
    assert "error" not in engine.status(assembly), "the first failure may pass"
    engine.clock.advance(3600)
    engine.work()

    status = engine.status(assembly)
    assert status["error"] == "INTERNAL_COMMAND_ERROR"
    assert "cannot be fenced in here. Try again later" in status["message"]


@pytest.mark.usefixtures("with_sandbox")
def test_with_the_sandbox_that_is_required_work_goes_on(open_engine: EngineOfATest) -> None:
    engine = open_engine(require_sandbox="true")
    assembly = engine.assembly()
    engine.upload(assembly, b"meow")

    engine.work()

    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"


@pytest.mark.usefixtures("without_sandbox")
@pytest.mark.parametrize(("required", "level"), [("true", "ERROR"), ("false", "WARNING")])
def test_m24_start_tells_the_layers_and_what_is_missing(
    open_engine: EngineOfATest, caplog: pytest.LogCaptureFixture, required: str, level: str
) -> None:
    engine = open_engine(require_sandbox=required)
    background = Background(engine.parts)

    with caplog.at_level(logging.INFO):
        background.start()
        background.stop()

    assert any("fenced in by rlimits" in message for message in caplog.messages)
    told = [record.levelname for record in caplog.records if "install bubblewrap" in record.getMessage()]
    assert told == [level]
