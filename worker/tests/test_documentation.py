"""docs/configuration.md is complete and true."""

from pathlib import Path

import pytest
from pydantic.fields import FieldInfo

from cattube_worker.settings import Settings
from cattube_worker.settings.sources import as_text

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "configuration.md").read_text()


@pytest.mark.parametrize(
    ("name", "field"),
    [pytest.param(name.upper(), field, id=name.upper()) for name, field in Settings.model_fields.items()],
)
def test_setting_is_documented_with_its_default_and_meaning(name: str, field: FieldInfo) -> None:
    text = as_text(field.default)
    default = f"`{text}`" if text else ""

    assert f"| `{name}` | {default} | {field.description} |" in PAGE
