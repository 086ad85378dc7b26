"""Times that people write in a text."""

import pytest

from cattube.community.time_links import split_times


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0:00", [0]),
        ("at 1:23, and 12:34.", [83, 754]),
        ("1:02:03", [3723]),
        ("(59:59)", [3599]),
        ("61:00", []),
        ("1:60", []),
        ("1:2", []),
        ("1:23:4", []),
        ("1:2:3:45", []),
        ("10.1:23", []),
        ("1:23.5", []),
        ("x1:23", []),
        ("\uff11:\uff12\uff13", []),  # wide digits
        ("", []),
    ],
)
def test_time_is_found_where_a_person_sees_one(text: str, seconds: list[int]) -> None:
    pieces = list(split_times(text))

    assert [at for _, at in pieces if at is not None] == seconds
    assert "".join(piece for piece, _ in pieces) == text
