"""manage.py push_template: our template at an engine that has neither our watermark nor our bucket."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from cattube.processing.transloadit import client as engines
from cattube.processing.transloadit.account import Account
from cattube.processing.transloadit.client import EngineClient
from cattube.processing.transloadit.shipped_template import (
    FOLDER,
    PORTABLE_FOLDER,
    portable_template,
    shipped_template,
)
from cattube.processing.transloadit.signature import verify

COMMAND = "cattube.processing.management.commands.push_template"


class TemplateService:
    """An account at an engine: its templates by name. refuses: the code it answers everything with."""

    def __init__(self) -> None:
        self.templates: dict[str, Any] = {}
        self.refuses = ""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        fields = dict(httpx.QueryParams(request.content.decode() or request.url.query))
        verify(fields["params"], fields["signature"], secret="s")
        if self.refuses:
            return httpx.Response(400, json={"error": self.refuses, "message": "No."})
        return self.answer(request.method, request.url.path, json.loads(fields["params"]))

    def answer(self, method: str, path: str, params: dict[str, Any]) -> httpx.Response:
        name = params.get("name") or path.rpartition("/")[2].removeprefix("id-of-")
        if method != "POST" and name not in self.templates:
            return httpx.Response(400, json={"error": "TEMPLATE_NOT_FOUND", "message": "None."})
        if method != "GET":
            self.templates[name] = json.loads(params["template"])
        return httpx.Response(200, json={"ok": "TEMPLATE_FOUND", "id": f"id-of-{name}", "name": name})


@pytest.fixture
def there(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> TemplateService:
    settings.TRANSLOADIT_SERVICE, settings.SITE_URL = "https://api2.transloadit.com", "https://tube.example"
    there = TemplateService()
    engine = EngineClient(settings.TRANSLOADIT_SERVICE, transport=httpx.MockTransport(there))
    monkeypatch.setattr(f"{COMMAND}.engine_client", lambda: engine)
    monkeypatch.setattr(f"{COMMAND}.engine_account", lambda: Account("k", "s"))
    return there


def push(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    call_command("push_template", *words)
    return capsys.readouterr().out


def test_template_is_created_and_its_setting_printed(
    there: TemplateService, capsys: pytest.CaptureFixture[str]
) -> None:
    out = push(capsys, "--credentials", "b2-cats")

    assert out.splitlines()[-1] == "TRANSLOADIT_TEMPLATE_ID=id-of-cattube"
    steps = there.templates["cattube"]["steps"]
    assert steps["exported"]["credentials"] == "b2-cats"
    assert steps["watermarked"]["watermark_url"] == "https://tube.example/static/watermark.png"


def test_template_that_is_there_is_replaced_only_when_asked(
    there: TemplateService, capsys: pytest.CaptureFixture[str]
) -> None:
    there.templates["cattube"] = "somebody's own work"

    with pytest.raises(CommandError, match=r"id-of-cattube.*--update"):
        push(capsys)
    assert there.templates["cattube"] == "somebody's own work"

    assert "TRANSLOADIT_TEMPLATE_ID=id-of-cattube" in push(capsys, "--update")
    assert "steps" in there.templates["cattube"]


def test_watermark_that_nobody_could_fetch_is_asked_for(
    there: TemplateService, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.SITE_URL = ""

    with pytest.raises(CommandError, match="Set SITE_URL, or name a picture by --watermark-url"):
        push(capsys)

    push(capsys, "--watermark-url", "https://cats.example/paw.png")
    watermarked = there.templates["cattube"]["steps"]["watermarked"]
    assert watermarked["watermark_url"] == "https://cats.example/paw.png"


def test_refusal_is_told_in_its_own_words(there: TemplateService, capsys: pytest.CaptureFixture[str]) -> None:
    there.refuses = "GET_ACCOUNT_UNKNOWN_AUTH_KEY"

    with pytest.raises(CommandError, match=r"api2.transloadit.com refused: GET_ACCOUNT_UNKNOWN_AUTH_KEY: No"):
        push(capsys)


def test_engine_that_is_down_is_named(settings: Settings) -> None:
    settings.SITE_URL = "https://tube.example"

    with pytest.raises(CommandError, match=r"http://127.0.0.1:9 could not be asked"):
        call_command("push_template")
    engines.client_at("http://127.0.0.1:9").close()
    engines.client_at.cache_clear()


def test_portable_template_differs_in_watermark_credentials_and_folder_alone(settings: Settings) -> None:
    ours = shipped_template(settings.SHIPPED_TEMPLATE)

    portable = portable_template(ours, credentials="cattube", watermark_url="builtin:watermark")

    assert json.loads(json.dumps(portable).replace(PORTABLE_FOLDER, FOLDER)) == ours


def test_d47_at_another_service_no_field_of_a_form_leads_among_another_videos_files(
    settings: Settings,
) -> None:
    """There a form's own field `folder` counts for more than the one we have signed."""
    ours = shipped_template(settings.SHIPPED_TEMPLATE)

    portable = portable_template(ours, credentials="cattube", watermark_url="https://x.test/w.png")

    paths = [step["path"] for step in portable["steps"].values() if "path" in step]
    assert len(paths) == 3
    assert all("/${fields.folder}/${unique_original_prefix}/" in path for path in paths)
    assert not any("assembly" in path for path in paths)
    assert "builtin:" not in json.dumps(
        portable_template(ours, credentials="x", watermark_url="https://x/y.png")
    )
