"""The doctor at the public bucket for static files."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from pytest_django import Settings

from cattube.doctor.bucket.static_files import check_static_files

ORIGIN = "https://tube.example.org"
FOR_ALL = {"Access-Control-Allow-Origin": "*"}


def verdict_and_words(monkeypatch: pytest.MonkeyPatch, answer: httpx.Response | Exception) -> tuple[str, str]:
    """Verdict and words about a bucket that gives this answer."""

    def get(url: str, **_: Any) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(httpx, "get", get)
    (finding,) = check_static_files(origin=ORIGIN)
    return finding.verdict.value, f"{finding.sentence} {finding.fix}"


@pytest.fixture(autouse=True)
def public_bucket(settings: Settings) -> None:
    settings.AWS_STORAGE_BUCKET_NAME = "cats-for-everybody"


@pytest.mark.parametrize(
    ("answer", "verdict", "words"),
    [
        pytest.param(httpx.Response(200, headers=FOR_ALL), "ok", "Browsers get them", id="right"),
        pytest.param(
            httpx.Response(200, headers={"Access-Control-Allow-Origin": ORIGIN}), "ok", "", id="ours"
        ),
        pytest.param(httpx.Response(200), "failed", "doctor --fix", id="no-cors"),
        pytest.param(httpx.Response(403), "failed", "not for everybody", id="private"),
        pytest.param(httpx.Response(404), "failed", "collectstatic", id="not-collected"),
        pytest.param(httpx.ConnectError("no"), "failed", "does not answer (ConnectError)", id="down"),
    ],
)
def test_what_a_browser_would_meet_is_told(
    monkeypatch: pytest.MonkeyPatch, answer: httpx.Response | Exception, verdict: str, words: str
) -> None:
    outcome = verdict_and_words(monkeypatch, answer)

    assert outcome[0] == verdict
    assert words in outcome[1]


def test_file_that_was_never_collected_is_told_without_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(name: str) -> str:
        raise ValueError(f"Missing staticfiles manifest entry for '{name}'")

    monkeypatch.setattr("cattube.doctor.bucket.static_files.static", unknown)

    verdict, words = verdict_and_words(monkeypatch, AssertionError("asked"))

    assert verdict == "failed"
    assert "collectstatic" in words


def test_site_that_serves_them_itself_has_nothing_to_check(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.AWS_STORAGE_BUCKET_NAME = ""

    assert verdict_and_words(monkeypatch, AssertionError("asked"))[0] == "skipped"
