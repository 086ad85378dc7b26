"""Words that a mistyped one may mean."""

import pytest

from cattube.search.vocabulary import distance, learn, similar


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [
        ("cat", "cat", 0),
        ("lighthuose", "lighthouse", 1),
        ("kepper", "keeper", 1),
        ("cat", "dog", 3),
        ("", "ab", 2),
    ],
)
def test_errors_between_words_are_counted(one: str, other: str, errors: int) -> None:
    assert distance(one, other) == distance(other, one) == errors


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lighthuose", ["lighthouse"]),
        ("lighthous", ["lighthouse"]),
        ("прогулкп", ["прогулка"]),
        ("keper", ["keeper"]),
        ("kepar", []),
        ("lighthouse", []),
        ("cat", []),
        ("x" * 40, []),
    ],
)
def test_mistyped_word_means_the_closest_known_one(typed: str, meant: list[str]) -> None:
    learn(["the lighthouse keeper", "прогулка cats"])
    learn(["lighthouse"])

    assert similar(typed) == meant
