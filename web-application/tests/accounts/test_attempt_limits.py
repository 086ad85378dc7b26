from datetime import UTC, datetime, timedelta

import pytest

from cattube.accounts.client_address import prefix_of
from cattube.accounts.login.attempt_limits import AttemptLimit, pause_left

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
LIMIT = AttemptLimit(3, timedelta(seconds=10), timedelta(minutes=1))


@pytest.mark.parametrize(
    ("ages_seconds", "seconds"),
    [
        pytest.param([], 0, id="no failure"),
        pytest.param([1, 2], 0, id="free ones left"),
        pytest.param([1, 2, 3], 9, id="free ones used"),
        pytest.param([1, 2, 3, 4], 19, id="doubled"),
        pytest.param([1] * 500, 59, id="never longer than the longest"),
        pytest.param([11, 12, 13], 0, id="pause is over"),
        pytest.param([3601, 3602, 3603, 3604], 0, id="forgotten after an hour"),
    ],
)
def test_pause_grows_with_failures_and_has_an_end_d07(ages_seconds: list[int], seconds: int) -> None:
    failures = [NOW - timedelta(seconds=age) for age in ages_seconds]

    assert pause_left(failures, LIMIT, NOW) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("address", "prefix"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("nonsense", "nonsense"),
    ],
)
def test_one_line_is_one_address_d07(address: str, prefix: str) -> None:
    assert prefix_of(address) == prefix
