"""Metrics in Prometheus' text format.

Source: Prometheus docs, "Exposition formats", version 0.0.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True)
class Sample:
    """One value of a metric, of the thing that its labels name."""

    labels: Mapping[str, str]
    value: float


@dataclass(frozen=True)
class Gauge:
    """A metric that goes up and down. name: with its unit at the end. meaning: one line."""

    name: str
    meaning: str
    samples: Sequence[Sample]


def metrics_text(gauges: Iterable[Gauge]) -> str:
    """The text that Prometheus reads. What has no samples is left out."""
    return "".join(line for gauge in gauges if gauge.samples for line in _lines(gauge))


def _lines(gauge: Gauge) -> Iterable[str]:
    yield f"# HELP {gauge.name} {gauge.meaning}\n"
    yield f"# TYPE {gauge.name} gauge\n"
    for sample in gauge.samples:
        labels = ",".join(f'{name}="{_escaped(text)}"' for name, text in sample.labels.items())
        yield f"{gauge.name}{{{labels}}} {sample.value:.10g}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
