"""What people type, as terms."""

import pytest

from cattube.search.query import Term, parse


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        pytest.param("cat roof", [(("cat",), True), (("roof",), True)], id="words-go-on"),
        pytest.param('"on a roof"', [(("on", "a", "roof"), False)], id="phrase"),
        pytest.param("“on a roof”", [(("on", "a", "roof"), False)], id="typographic-quotes"),
        pytest.param('"on a ro', [(("on", "a", "ro"), True)], id="phrase-being-typed"),
        pytest.param("rock-n-roll", [(("rock", "n", "roll"), True)], id="joined-words"),
        pytest.param("東京", [(("東", "京"), False)], id="no-word-breaks"),
        pytest.param("a cat cat", [(("a",), False), (("cat",), True)], id="letters-and-repetition"),
        pytest.param(
            "NEAR(cat) AND -dog*",
            [(("near", "cat"), True), (("and",), True), (("dog",), True)],
            id="D61-syntax",
        ),
        pytest.param('% _ " * - \x00', [], id="D61-punctuation"),
    ],
)
def test_query_has_these_terms_d61(text: str, terms: list[tuple[tuple[str, ...], bool]]) -> None:
    """D61"""
    assert list(parse(text).terms) == [Term(words, is_prefix) for words, is_prefix in terms]


def test_endless_query_is_cut_d61() -> None:
    """D61"""
    query = parse(" ".join(f"w{number}" for number in range(3000)))

    assert len(query.text) <= 200
    assert len(query.terms) == 20
