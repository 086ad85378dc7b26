from __future__ import annotations

import pytest

from cattube_worker.media.length_in_words import length_in_words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (18000, "5 hours"),
        (14400.5, "4 hours 1 second"),
        (3660, "1 hour 1 minute"),
        (61, "1 minute 1 second"),
        (0.2, "1 second"),
        (1_700_000_000, "472222 hours 13 minutes 20 seconds"),
    ],
)
def test_length_is_said_in_the_units_it_has(seconds: float, words: str) -> None:
    assert length_in_words(seconds) == words
