"""What an idle engine has not loaded: memory that nobody would use."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOM = Path(__file__).parents[1]
LOAD_ENGINE = """
import sys
from cattube_worker import create_app
create_app()
print(*sys.modules)
"""


def test_an_engine_that_starts_for_the_first_time_has_loaded_nothing_for_later(tmp_path: Path) -> None:
    environment = {**os.environ, "CATTUBE_DATA": str(tmp_path / "data")}

    argv = [sys.executable, "-c", LOAD_ENGINE]
    done = subprocess.run(argv, cwd=ROOM, env=environment, capture_output=True, text=True, check=True)

    loaded = set(done.stdout.split())
    assert "cattube_worker.engine.engine" in loaded
    assert loaded.isdisjoint({"alembic", "boto3", "botocore", "cryptography", "httpx", "PIL", "re2"})
    assert loaded.isdisjoint({"aiokafka", "amqp", "celery", "kombu"})
    assert loaded.isdisjoint({"faster_whisper", "huggingface_hub", "numpy", "onnxruntime"})
