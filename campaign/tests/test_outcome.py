"""The table at the end of a campaign."""

from __future__ import annotations

from campaign.outcome import Outcome, table


def test_each_fault_has_a_line_with_what_became_of_its_rounds() -> None:
    outcomes = [
        Outcome("broker-killed", 1, seconds=10),
        Outcome("full-disk", 1, cannot="root"),
        Outcome("broker-killed", 2, was_hit=False, seconds=20),
        Outcome("broker-killed", 3, breaches=("open jobs: small",), seconds=60),
    ]

    assert table(outcomes).splitlines() == [
        "fault          rounds  hit  right       median s  longest s",
        "broker-killed  3       2    2           20        60",
        "full-disk      -       -    needs root  -         -",
    ]


def test_campaign_that_had_no_round_has_an_empty_table() -> None:
    assert table([]).split() == ["fault", "rounds", "hit", "right", "median", "s", "longest", "s"]
