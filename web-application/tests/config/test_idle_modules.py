"""What an idle process of the site has not loaded: memory that nobody would use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from manage_command import ROOM, environment_for

LOAD_RECONCILER = """
import django, sys
django.setup()
from django.core.management import load_command_class
load_command_class("cattube.processing", "reconcile")
print(*sys.modules)
"""


def test_a_reconciler_has_loaded_nothing_that_only_pages_or_buckets_need(tmp_path: Path) -> None:
    environment = environment_for(tmp_path) | {"DJANGO_SETTINGS_MODULE": "cattube.settings"}

    argv = [sys.executable, "-c", LOAD_RECONCILER]
    done = subprocess.run(argv, cwd=ROOM, env=environment, capture_output=True, text=True, check=True)

    loaded = set(done.stdout.split())
    assert "cattube.processing.reconcile" in loaded
    assert loaded.isdisjoint(
        {"ninja", "pydantic", "django.test", "boto3", "botocore", "httpx", "kombu", "aiokafka"}
    )
