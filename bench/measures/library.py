"""What a hundred presigned thumbnails cost the library page."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile

from e2e.site import ROOT, clean_environment

from bench.row import Row

# Signing asks nobody, so no bucket has to be there.
BUCKET = {
    "AWS_PRIVATE_BUCKET_NAME": "cats",
    "AWS_S3_REGION_NAME": "us-west-004",
    "AWS_ACCESS_KEY_ID": "id",
    "AWS_SECRET_ACCESS_KEY": "key",
}


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="cattube-bench-") as data:
        done = subprocess.run(
            [sys.executable, str(ROOT / "bench" / "library_page.py")],
            env=clean_environment(CATTUBE_DATA=data, PYTHONPATH=str(ROOT / "web-application"), **BUCKET),
            check=True,
            capture_output=True,
            text=True,
        )
    timed = json.loads(done.stdout)
    return [
        Row(
            name="library page p95, 100 thumbnails in a bucket",
            ours=timed["pictured"],
            reference=timed["bare"],
            unit="ms",
            limit=1.5 * timed["bare"],
            bar="1.5 x the page without",
        )
    ]
