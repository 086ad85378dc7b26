from __future__ import annotations

import json
from pathlib import Path

from bench.row import Row, row_alone, row_beside, table, write

KEPT = Row(name="encode", ours=8, reference=10, unit="s", limit=10.5, bar="1.05 x bare")
MISSED = Row(name="read", ours=2, reference=4, unit="1/s", limit=3, bar="3 a second", more_is_better=True)


def test_table_says_what_holds_and_what_does_not() -> None:
    _, kept, missed = table([KEPT, MISSED]).splitlines()

    assert " ".join(kept.split()) == "encode 8.00 10.00 0.80 <= 10.50 holds s 1.05 x bare"
    assert " ".join(missed.split()) == "read 2.00 4.00 0.50 >= 3.00 MISSED 1/s 3 a second"


def test_results_carry_ratio_and_verdict(tmp_path: Path) -> None:
    write([MISSED], tmp_path / "results.json")

    (result,) = json.loads((tmp_path / "results.json").read_text())
    assert (result["name"], result["ratio"], result["holds"]) == ("read", 0.5, False)


def test_limit_beside_a_reference_is_so_many_times_that() -> None:
    row = row_beside("encode", 8, 10, factor=1.5, beside="bare", unit="s")

    assert (row.limit, row.ratio, row.bar) == (15, 0.8, "1.5 x bare")


def test_figure_that_stands_alone_is_held_against_its_limit() -> None:
    row = row_alone("idle memory", 250, most=200, unit="MB")

    assert (row.holds, row.ratio, row.bar) == (False, 1.25, "200 MB")
