"""docs/configuration.md is complete and true."""

from pathlib import Path

import pytest

from cattube.config.setting_table import SETTINGS, Setting

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "configuration.md").read_text()


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_setting_is_documented_with_its_default_and_meaning(setting: Setting) -> None:
    default = f"`{setting.default}`" if setting.default else ""

    assert f"| `{setting.name}` | {default} | {setting.meaning} |" in PAGE


def test_recipe_for_a_server_trusts_its_proxy_d41() -> None:
    recipe = (DOCS / "install.md").read_text().split("## On a server")[1].split("\n## ")[0]

    assert "    TRUST_PROXY=true" in recipe
