"""A consumer with an empty queue."""

from __future__ import annotations

import pytest
from processing.notifications.consuming import Consuming


@pytest.fixture
def consuming() -> Consuming:
    return Consuming()
