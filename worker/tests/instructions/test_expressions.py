from __future__ import annotations

from typing import Any

import pytest

from cattube_worker.instructions.expressions import DEEPEST, LONGEST, ExpressionError, evaluate

NAMES = {"file.meta.width": 640, "file.meta.height": 480, "file.name": "cat.mp4", "fields.big": "true"}


def value_of(text: str) -> Any:
    return evaluate(text, NAMES.get, now_ms=1234)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("file.meta.width", 640),
        ("file.meta['width']", 640),
        ("file.nothing", None),
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 2 - 3", 5),
        ("7 % 4", 3),
        ("-file.meta.width + 1", -639),
        ("file.meta.width / 2", 320),
        ("1 / 0", None),
        ("'a' + 1 + \"b\"", "a1b"),
        ("'it\\'s'", "it's"),
        ("file.name == 'cat.mp4'", True),
        ("file.meta.width == '640'", True),
        ("file.meta.width === '640'", False),
        ("file.nothing == ''", True),
        ("file.meta.width > file.meta.height ? 'wide' : 'high'", "wide"),
        ("false ? 1 : true ? 2 : 3", 2),
        ("file.nothing || 'none'", "none"),
        ("file.name && 5", 5),
        ("!file.nothing && !!file.name", True),
        ("2 < 10 && '2' > '10'", True),
        ("Date.now()", 1234),
        ("Date.now() - 1000", 234),
        ("Math.round(2.5)", 3),
        ("Math.min(file.meta.width, 500, 900)", 500),
        ("Math.max(1, 2)", 2),
        ("Math.round(file.nothing)", None),
    ],
)
def test_expression_is_computed_as_in_javascript(text: str, value: Any) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 +",
        "(1",
        "1 2",
        "process.exit()",
        "require('fs')",
        "Math.pow(9, 9)",
        "a = 1",
        "a => a",
        "'never ends",
        "`x`",
        "file.",
        "file[",
        "(" * (DEEPEST + 1) + "1" + ")" * (DEEPEST + 1),
        "1+" * LONGEST + "1",
    ],
)
def test_m22_other_javascript_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        value_of(text)
