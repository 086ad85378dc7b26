"""The doctor at an engine: key, template, ffmpeg, and whether its report arrives."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from django.test import Client
from pytest_django import Settings

from cattube.doctor.engine.engine_check import EngineCheck
from cattube.doctor.finding import Finding
from cattube.processing.transloadit.account import Account
from cattube.processing.transloadit.addresses import callback_origin
from cattube.processing.transloadit.client import EngineClient
from cattube.processing.transloadit.shipped_template import (
    portable_template,
    shipped_template,
    steps_that_tell_the_id,
)
from cattube.processing.transloadit.signature import sign

SITE = "http://127.0.0.1:8000"
ASSEMBLY_ID = "d" * 32
REFUSED = {"error": "INVALID_SIGNATURE", "message": "No."}
FENCED = {"layers": ["landlock", "seccomp", "rlimits"], "open": []}
UNFENCED = {"layers": ["rlimits"], "open": ["read", "connect"]}
DELIVERED = {"response_code": 200, "error": None}


@dataclass
class EngineOfATest:
    """Answers by path; what is not said otherwise is right. asked: every request's method and path."""

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    params: dict[str, Any] = field(default_factory=dict)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.asked.append(f"{request.method} {path}")
        if path == "/assemblies":
            self.params = json.loads(httpx.QueryParams(request.content.decode())["params"])
        right: dict[str, Any] = {
            "/": {"ok": "SERVER_ROOT"},
            "/healthz": {"ok": True, "degraded": {}, "sandbox": FENCED},
            "/templates/cattube": {"ok": "TEMPLATE_FOUND", "id": "1", "name": "cattube"},
            "/assemblies": {"ok": "ASSEMBLY_EXECUTING", "assembly_id": ASSEMBLY_ID},
            f"/assembly_notifications/{ASSEMBLY_ID}": {"notifications": [DELIVERED]},
        }
        answer = {**right, **self.answers}[path]
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)


def findings_of(
    there: EngineOfATest,
    *,
    address: str = "http://engine.example",
    site: str = SITE,
    is_public: bool = False,
) -> list[Finding]:
    engine = EngineClient(address, transport=httpx.MockTransport(there))
    check = EngineCheck(
        engine=engine,
        address=address,
        account=Account("k", "s"),
        template_id="cattube",
        site=site,
        is_public=is_public,
        wait=lambda _: None,
    )
    findings = list(check.run())
    engine.close()
    return findings


def verdicts(findings: list[Finding]) -> dict[str, str]:
    return {finding.name: finding.verdict.value for finding in findings}


def sentence(findings: list[Finding], name: str) -> str:
    return next(f"{finding.sentence} {finding.fix}" for finding in findings if finding.name == name)


def test_engine_that_is_right_passes_every_check() -> None:
    there = EngineOfATest()

    findings = findings_of(there)

    assert verdicts(findings) == dict.fromkeys(
        ["Engine", "ffmpeg", "Sandbox", "Engine key", "Template", "Notification"], "ok"
    )
    assert there.params["notify_url"] == f"{SITE}/notifications/transloadit"


def test_engine_that_is_down_is_all_there_is_to_say() -> None:
    there = EngineOfATest({"/": httpx.Response(502)})

    assert verdicts(findings_of(there)) == {"Engine": "failed"}


def test_key_that_is_refused_is_told_with_the_engines_own_word() -> None:
    findings = findings_of(EngineOfATest({"/templates/cattube": httpx.Response(400, json=REFUSED)}))

    assert verdicts(findings)["Engine key"] == "failed"
    assert verdicts(findings)["Notification"] == "skipped"
    assert "INVALID_SIGNATURE" in sentence(findings, "Engine key")
    assert "TRANSLOADIT_SECRET" in sentence(findings, "Engine key")


def test_d45_template_of_an_older_version_is_to_be_pushed_again() -> None:
    """It puts the id of the Assembly into addresses that everybody sees."""
    steps = {
        "exported": {"robot": "/backblaze/store", "path": "${previous_step.name}/${assembly.id}/x"},
        "streamed": {"robot": "/s3/store", "path": "${previous_step.name}/${fields.folder}/x"},
        "hls": {"robot": "/video/adaptive"},
    }
    told = {"ok": "TEMPLATE_FOUND", "id": "1", "name": "cattube", "content": {"steps": steps}}

    findings = findings_of(EngineOfATest({"/templates/cattube": told}))

    assert verdicts(findings)["Template"] == "warning"
    assert "(by exported)" in sentence(findings, "Template")
    assert "push_template --update" in sentence(findings, "Template")


def test_d45_shipped_templates_are_of_this_version(settings: Settings) -> None:
    ours = shipped_template(settings.SHIPPED_TEMPLATE)

    portable = portable_template(ours, credentials="cattube", watermark_url="https://x.test/w.png")

    assert steps_that_tell_the_id(ours) == steps_that_tell_the_id(portable) == []


def test_template_that_is_missing_is_to_be_pushed() -> None:
    missing = {"error": "TEMPLATE_NOT_FOUND", "message": "None."}

    findings = findings_of(EngineOfATest({"/templates/cattube": httpx.Response(400, json=missing)}))

    assert verdicts(findings)["Engine key"] == "ok"
    assert verdicts(findings)["Template"] == "failed"
    assert "push_template" in sentence(findings, "Template")


def test_what_the_engine_is_short_of_is_passed_on() -> None:
    degraded = {"ffmpeg": "ffmpeg is not installed.", "disk": "There is not enough disk space."}

    findings = findings_of(EngineOfATest({"/healthz": {"ok": False, "degraded": degraded}}))

    assert verdicts(findings)["ffmpeg"] == "failed"
    assert verdicts(findings)["Engine: disk"] == "failed"
    assert "ffmpeg is not installed." in sentence(findings, "ffmpeg")


@pytest.mark.parametrize(
    ("health", "is_public", "verdict", "words"),
    [
        pytest.param({"sandbox": FENCED}, True, "ok", "landlock, seccomp, rlimits", id="fenced"),
        pytest.param({"sandbox": UNFENCED}, False, "warning", "same: read, connect", id="private-site"),
        pytest.param({"sandbox": UNFENCED}, True, "failed", "install bubblewrap", id="https"),
        pytest.param(
            {"sandbox": UNFENCED, "degraded": {"sandbox": "It is required."}},
            False,
            "failed",
            "install bubblewrap",
            id="required",
        ),
        pytest.param({}, True, "skipped", "does not tell", id="older-engine"),
        pytest.param({"sandbox": ["odd"]}, True, "skipped", "does not tell", id="odd"),
    ],
)
def test_m24_layers_around_ffmpeg_are_named_and_judged(
    health: dict[str, Any], is_public: bool, verdict: str, words: str
) -> None:
    there = EngineOfATest({"/healthz": {"ok": True, "degraded": {}, **health}})

    findings = findings_of(there, is_public=is_public)

    assert verdicts(findings)["Sandbox"] == verdict
    assert words in sentence(findings, "Sandbox")
    assert "Engine: sandbox" not in verdicts(findings)


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        pytest.param([{"response_code": 403}], "does not take the engine's signature", id="secret"),
        pytest.param([{"response_code": 404}], "HTTP 404", id="other-site"),
        pytest.param([{"response_code": None, "error": "Connection refused"}], "refused", id="down"),
        pytest.param([{"response_code": None, "error": None}], "not reported within", id="never-tried"),
        pytest.param([], "not reported within", id="nothing"),
    ],
)
def test_report_that_does_not_arrive_is_told_why_f10(entries: list[Any], words: str) -> None:
    path = f"/assembly_notifications/{ASSEMBLY_ID}"

    findings = findings_of(EngineOfATest({path: {"notifications": entries}}))

    assert verdicts(findings)["Notification"] == "failed"
    assert words in sentence(findings, "Notification")


def test_hosted_service_is_asked_nothing_it_does_not_have() -> None:
    there = EngineOfATest()

    findings = findings_of(there, address="https://api2.transloadit.com", site="")

    assert verdicts(findings)["ffmpeg"] == "skipped"
    assert verdicts(findings)["Notification"] == "warning"
    assert there.asked == ["GET /", "GET /templates/cattube"]


def test_site_is_reported_to_where_it_can_be_reached(settings: Settings) -> None:
    settings.SITE_URL, settings.WEB_PORT = "", 8000
    assert callback_origin("http://127.0.0.1:5678", port=settings.WEB_PORT) == SITE
    assert callback_origin("https://api2.transloadit.com", port=settings.WEB_PORT) == ""

    settings.SITE_URL = "https://tube.example.org"
    assert (
        callback_origin("https://api2.transloadit.com", port=settings.WEB_PORT) == "https://tube.example.org"
    )


def test_report_on_no_video_is_acknowledged_only_when_signed(client: Client, settings: Settings) -> None:
    there = EngineOfATest()
    findings_of(there)
    text = json.dumps({"ok": "ASSEMBLY_COMPLETED", "params": json.dumps(there.params)})
    right = {"transloadit": text, "signature": sign(text, secret=settings.TRANSLOADIT_SECRET)}

    answers = [
        client.post("/notifications/transloadit", fields).status_code
        for fields in (right, {**right, "signature": "sha384:00"})
    ]

    assert answers == [200, 403]


@pytest.mark.parametrize(
    ("captions", "verdict", "said"),
    [
        pytest.param({"model": "small", "missing": None}, "ok", 'with the model "small"', id="there"),
        pytest.param({"model": "small", "missing": "No model."}, "skipped", "No model.", id="missing"),
    ],
)
def test_m94_doctor_tells_if_captions_can_be_made_and_what_is_missing(
    captions: dict[str, Any], verdict: str, said: str
) -> None:
    health = {"ok": True, "degraded": {}, "sandbox": FENCED, "captions": captions}

    findings = findings_of(EngineOfATest({"/healthz": health}))

    assert verdicts(findings)["Captions"] == verdict
    assert said in sentence(findings, "Captions")


def test_older_engine_that_tells_nothing_of_captions_is_right_all_the_same() -> None:
    assert "Captions" not in verdicts(findings_of(EngineOfATest()))
