"""Stored templates at the engine, read and written by signed requests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.utils import timezone

from cattube.processing.transloadit.account import Account
from cattube.processing.transloadit.client import EngineClient

UNKNOWN = {"TEMPLATE_NOT_FOUND", "SERVER_404"}


class TemplateRefused(Exception):
    """The engine answered with an error. code: Transloadit's; the text is the engine's sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}" if message else code)
        self.code = code


@dataclass(frozen=True)
class Template:
    """Stored template. id: for Assemblies. name: for people. content: empty when the engine tells none."""

    id: str
    name: str
    content: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Templates:
    """Templates of one account at one engine. Each call raises TemplateRefused, EngineUnreachable."""

    engine: EngineClient
    account: Account

    def find(self, id_or_name: str) -> Template | None:
        """Template of this id or name; None when the account has none."""
        try:
            return self._request("GET", f"/templates/{quote(id_or_name, safe='')}", {})
        except TemplateRefused as error:
            if error.code in UNKNOWN:
                return None
            raise

    def create(self, name: str, content: Mapping[str, Any]) -> Template:
        # As text: the order of its steps is kept everywhere.
        return self._request("POST", "/templates", {"name": name, "template": json.dumps(content)})

    def change(self, template_id: str, content: Mapping[str, Any]) -> Template:
        path = f"/templates/{quote(template_id, safe='')}"
        return self._request("PUT", path, {"template": json.dumps(content)})

    def _request(self, method: str, path: str, params: dict[str, Any]) -> Template:
        fields = self.account.signed_request(timezone.now(), **params)
        http_status, answer = self.engine.request(method, path, fields=fields)
        if "error" in answer or http_status >= 400:
            raise TemplateRefused(
                str(answer.get("error") or f"HTTP {http_status}"), str(answer.get("message") or "")
            )
        # Older answers carry the same under longer names.
        template_id = answer.get("id") or answer.get("template_id")
        name, content = str(answer.get("name") or answer.get("template_name")), answer.get("content")
        return Template(str(template_id), name, content if isinstance(content, dict) else {})
