"""Measures: each makes rows, with its reference in the same run."""
