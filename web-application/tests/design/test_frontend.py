import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import Context, Template
from django_vite.core.asset_loader import DjangoViteAssetLoader
from pytest_django import Settings

from cattube.design.templatetags import frontend

TEMPLATES = Path(frontend.__file__).resolve().parents[2] / "web" / "templates"
UseManifest = Callable[[dict[str, Any] | None], None]
INLINE = re.compile(r"<style\b|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\bsrc=)", re.IGNORECASE)


@pytest.fixture
def use_manifest(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> UseManifest:
    """Lets Django read this manifest, or none."""

    def use(manifest: dict[str, Any] | None) -> None:
        path = tmp_path / "manifest.json"
        if manifest is not None:
            path.write_text(json.dumps(manifest), encoding="utf-8")
        settings.DJANGO_VITE = {"default": {"manifest_path": path}}
        monkeypatch.setattr(DjangoViteAssetLoader, "_instance", None)

    return use


def render(tag: str = "front_end 'src/pages/site.ts'") -> str:
    return Template(f"{{% load frontend %}}{{% {tag} %}}").render(Context())


def test_an_entry_loads_its_script_and_its_styles(use_manifest: UseManifest) -> None:
    use_manifest(
        {"src/pages/site.ts": {"file": "assets/site-1.js", "isEntry": True, "css": ["assets/site-2.css"]}}
    )

    html = render()

    assert 'src="/static/assets/site-1.js"' in html
    assert 'href="/static/assets/site-2.css"' in html


def test_a_page_renders_without_the_front_end_being_built(use_manifest: UseManifest) -> None:
    use_manifest(None)

    assert render() == ""
    assert render("font_ahead") == ""


def test_font_is_fetched_with_the_styles(use_manifest: UseManifest) -> None:
    use_manifest({frontend.FONT: {"file": "assets/figtree-1.woff2"}})

    assert 'href="/static/assets/figtree-1.woff2" as="font"' in render("font_ahead")


def test_font_that_is_fetched_is_the_one_that_the_styles_name() -> None:
    package = Path(settings.FRONTEND_FOLDER) / frontend.FONT
    styles = (package.parents[1] / "wght.css").read_text(encoding="utf-8")

    assert package.exists()
    assert f"url(./files/{package.name})" in styles


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_no_template_holds_code_or_style_the_policy_would_block(path: Path) -> None:
    assert INLINE.findall(path.read_text(encoding="utf-8")) == []
