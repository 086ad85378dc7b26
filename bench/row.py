"""One measured figure beside its reference, and the table of all."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

Reading = TypeVar("Reading")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure, in the `unit` of its reference.

    reference: measured in the same run; the limit itself where nothing else does the same.
    limit: the most that `ours` may be, or the least where more is better. bar: how it comes about.
    """

    name: str
    ours: float
    reference: float
    unit: str
    limit: float
    bar: str
    more_is_better: bool = False

    @property
    def ratio(self) -> float:
        return self.ours / self.reference

    @property
    def limit_ratio(self) -> float:
        return self.limit / self.reference

    @property
    def holds(self) -> bool:
        """Whether `ours` keeps within the limit."""
        return self.ours >= self.limit if self.more_is_better else self.ours <= self.limit


def row_beside(
    name: str,
    ours: float,
    reference: float,
    *,
    factor: float,
    beside: str,
    unit: str = "s",
    more_is_better: bool = False,
) -> Row:
    """The row of a figure whose limit is `factor` times its reference. beside: what the reference is."""
    return Row(
        name=name,
        ours=ours,
        reference=reference,
        unit=unit,
        limit=factor * reference,
        bar=f"{factor} x {beside}",
        more_is_better=more_is_better,
    )


def row_alone(name: str, ours: float, *, most: float, unit: str) -> Row:
    """The row of a figure that nothing stands beside."""
    return Row(name=name, ours=ours, reference=most, unit=unit, limit=most, bar=f"{most} {unit}")


def median_row(
    name: str,
    figure: Callable[[Reading], float],
    *,
    ours: Sequence[Reading],
    reference: Sequence[Reading],
    unit: str,
    limit: float,
    beside: str,
) -> Row:
    """The row of a figure of several readings. beside: what the reference is. Of rates, more is better."""
    return Row(
        name=name,
        ours=statistics.median(map(figure, ours)),
        reference=statistics.median(map(figure, reference)),
        unit=unit,
        limit=limit,
        bar=f"{limit:g} {unit}; beside {beside}",
        more_is_better=unit == "1/s",
    )


def table(rows: Sequence[Row]) -> str:
    width = max(len(row.name) for row in rows)
    head = f"{'':{width}}  {'ours':>9} {'reference':>9} {'ratio':>6}  {'limit':>12}        unit     bar"
    return "\n".join([head, *(_line(row, width) for row in rows)])


def _line(row: Row, width: int) -> str:
    limit = f"{'>=' if row.more_is_better else '<='} {row.limit:9.2f}"
    return (
        f"{row.name:{width}}  {row.ours:9.2f} {row.reference:9.2f} {row.ratio:6.2f}"
        f"  {limit} {'holds' if row.holds else 'MISSED':6} {row.unit:8} {row.bar}"
    )


def write(rows: Sequence[Row], target: Path) -> None:
    documents = [asdict(row) | {"ratio": row.ratio, "holds": row.holds} for row in rows]
    target.write_text(json.dumps(documents, indent=2) + "\n")
