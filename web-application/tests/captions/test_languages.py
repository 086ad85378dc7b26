"""Languages of captions: one spelling for each, and a name that its speakers know."""

import pytest

from cattube.captions.languages import language_name, normal_language
from cattube.errors import InvalidFields


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("en", "en"),
        ("EN", "en"),
        ("pt_br", "pt-BR"),
        ("ZH-hans-cn", "zh-Hans-CN"),
        ("es-419", "es-419"),
        ("sl-rozaj-biske", "sl-rozaj-biske"),
        ("de-CH-1996", "de-CH-1996"),
        ("en-x-cats", "en-x-cats"),
    ],
)
def test_language_has_one_spelling_d87(text: str, tag: str) -> None:
    """D87"""
    assert normal_language(text) == tag


@pytest.mark.parametrize(
    "text", ["", "e", "english language", "../en", "en--US", "en-", "<b>", "a" * 36, "en\0", "é"]
)
def test_what_is_no_language_is_refused_d87(text: str) -> None:
    """D87"""
    with pytest.raises(InvalidFields):
        normal_language(text)


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("de", "Deutsch"),
        ("fr", "Français"),
        ("pt-BR", "Português Brasileiro"),
        ("de-CH", "Deutsch (CH)"),
        ("zh", "中文"),
        ("tlh", "tlh"),
    ],
)
def test_language_is_named_in_itself(tag: str, name: str) -> None:
    assert language_name(tag) == name
