"""Metrics, as Prometheus reads them."""

from __future__ import annotations

from cattube_worker.protocol.metrics import Gauge, Sample, metrics_text


def test_gauge_is_written_with_its_meaning_labels_and_value() -> None:
    waiting = Gauge("cats_waiting", "Cats at the door.", [Sample({"door": "back"}, 2), Sample({}, 0.25)])

    assert metrics_text([waiting]) == (
        "# HELP cats_waiting Cats at the door.\n"
        "# TYPE cats_waiting gauge\n"
        'cats_waiting{door="back"} 2\n'
        "cats_waiting{} 0.25\n"
    )


def test_what_nobody_measured_is_left_out() -> None:
    assert metrics_text([Gauge("cats_waiting", "Cats at the door.", [])]) == ""


def test_label_cannot_break_out_of_its_line() -> None:
    text = metrics_text([Gauge("cats", "Cats.", [Sample({"name": 'a"b\\c\nd'}, 1)])])

    assert text.splitlines()[-1] == r'cats{name="a\"b\\c\nd"} 1'
