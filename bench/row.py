"""One measured figure beside its reference, and the table of all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Row:
    """`ours` and `reference` share `unit`; `ratio` is ours / reference; `bar` says what is aimed at."""

    name: str
    ours: float
    reference: float
    unit: str
    bar: str

    @property
    def ratio(self) -> float:
        return self.ours / self.reference


def table(rows: Sequence[Row]) -> str:
    width = max(len(row.name) for row in rows)
    lines = [f"{'':{width}}  {'ours':>9} {'reference':>9} {'ratio':>6}  unit     bar"]
    lines += [
        f"{row.name:{width}}  {row.ours:9.2f} {row.reference:9.2f} {row.ratio:6.2f}  {row.unit:8} {row.bar}"
        for row in rows
    ]
    return "\n".join(lines)


def write(rows: Sequence[Row], target: Path) -> None:
    target.write_text(json.dumps([asdict(row) | {"ratio": row.ratio} for row in rows], indent=2) + "\n")
