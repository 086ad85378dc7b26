"""Languages as templates name them."""

from __future__ import annotations

import pytest

from cattube_worker.media.speech.languages import code_of_whisper, language_code, whisper_code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("en-US", "en"),
        ("de", "de"),
        ("pt_BR", "pt"),
        ("zh-Hant-TW", "zh"),
        ("french", "fr"),
        ("Haitian Creole", "ht"),
        ("haw-US", "haw"),
        ("nb-NO", "no"),
        ("he-IL", "he"),
        ("iw", "he"),
        ("fil-PH", "tl"),
    ],
)
def test_language_is_known_by_its_code_and_by_its_english_name(text: str, code: str) -> None:
    assert language_code(text) == code


@pytest.mark.parametrize("text", ["", "meow", "xx-US", "english please", "e" * 1000])
def test_what_is_no_language_is_refused_with_how_to_name_one(text: str) -> None:
    with pytest.raises(ValueError, match='name it as "fr-FR" or "french"'):
        language_code(text)


def test_code_that_whisper_has_kept_is_translated_both_ways() -> None:
    assert (whisper_code("jv"), code_of_whisper("jw")) == ("jw", "jv")
    assert (whisper_code("en"), code_of_whisper("en")) == ("en", "en")
