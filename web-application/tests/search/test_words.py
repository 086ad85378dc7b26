"""Words as the index has them."""

import pytest

from cattube.search.words import indexed, words_in


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("Cat on a roof", "cat on a roof", id="words"),
        pytest.param("rock-n-roll, don't!", "rock n roll don t", id="punctuation"),
        pytest.param("Straße U\u0308bung", "strasse ubung", id="folded"),
        pytest.param("東京タワー2026", "東 京 タ ワ ー 2026", id="no-word-breaks"),
        pytest.param("カ\uff9e か\u3099", "カ\u3099 が", id="half-width"),
        pytest.param("हिन्दी", "हिन्दी", id="vowel-signs-stay"),
        pytest.param("ภาษาไทย", "ภ า ษ า ไ ท ย", id="thai"),
        pytest.param("I ♥\ufe0f 🐈!", "i ♥ 🐈", id="symbols"),
        pytest.param("a\x00b \ud800 100% _*\"'\\", "a b 100", id="D61-nothing-is-syntax"),
        pytest.param("\u0301 \u200b", "", id="nothing-to-see"),
        pytest.param("x" * 1000, "x" * 64, id="endless"),
    ],
)
def test_text_has_these_words_d61(text: str, words: str) -> None:
    """D61"""
    assert indexed(text) == words.replace("カ\u3099", "ガ")


@pytest.mark.parametrize("text", ["Straße, Übung", "東京", "½ liter", "U\u0308bung"])
def test_place_of_a_word_is_where_it_is_written(text: str) -> None:
    for word in words_in(text):
        assert word.text in indexed(text[word.start : word.end]).split()
