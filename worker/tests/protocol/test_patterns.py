"""Patterns of others (W41): linear in the text whatever the pattern, and read as JavaScript reads them."""

from __future__ import annotations

import time

import pytest

from cattube_worker.protocol.patterns import InvalidPattern, compile_pattern


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        pytest.param("a*a*a*a*a*a*a*b", "a" * 4000, id="repeats-side-by-side"),
        pytest.param("(a+)+b", "a" * 4000, id="repeat-of-a-repeat"),
        pytest.param("(a|a)*b", "a" * 4000, id="repeat-of-a-choice"),
        pytest.param("(?:(?:a?){50}){4}b", "a" * 4000, id="counted"),
        pytest.param("x", "a" * 10_000_000, id="long-text"),
    ],
)
def test_w41_no_pattern_takes_longer_than_its_text_is_long(pattern: str, text: str) -> None:
    compiled, start = compile_pattern(pattern, ignores_case=True), time.process_time()

    assert not compiled.test(text)
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        pytest.param("(?<=a)b", "looks ahead or behind", id="look-behind"),
        pytest.param("a(?!b)", "looks ahead or behind", id="look-ahead"),
        pytest.param(r"(a)\1", "refers back to a group", id="back-reference"),
        pytest.param(r"(?<n>a)\k<n>", "refers back to a group", id="named-back-reference"),
        pytest.param("(", "missing )", id="broken"),
        pytest.param("x" * 201, "at most 200 characters", id="long"),
        pytest.param(".{1,1000}.{1,1000}", "too large", id="large-once-compiled"),
    ],
)
def test_pattern_that_cannot_be_run_is_refused_in_words(pattern: str, words: str) -> None:
    with pytest.raises(InvalidPattern, match=words.replace(")", r"\)")):
        compile_pattern(pattern, ignores_case=True)


@pytest.mark.parametrize(
    ("pattern", "text", "is_found"),
    [
        (r"^cat\.(txt|md)$", "Cat.txt", True),
        (r"cat$", "cat\n", False),
        (r"^\d+$", "\u0661", False),
        (r"caf\u00e9", "Caf\u00e9", True),
        (r"\\u0041", "\\u0041", True),
        (r"^.$", "\U0001f600", True),
        (r"a\/b", "a/b", True),
        (r"(?<year>\d{4})-", "2026-11", True),
        ("a", "\ud800a", True),
    ],
)
def test_pattern_means_what_it_means_to_javascript(pattern: str, text: str, is_found: bool) -> None:
    assert compile_pattern(pattern, ignores_case=True).test(text) == is_found
