"""The engine's application, as gunicorn finds it, with its statuses noted; the engine itself is as it is."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from cattube_worker import create_app
from tests.statuses import FOLDER, record_statuses  # after the path that leads there

record_statuses(Path(os.environ[FOLDER]))
app = create_app()
