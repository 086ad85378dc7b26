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
            name="library page, 100 thumbnails from a bucket, p95",
            ours=timed["pictured"],
            reference=timed["bare"],
            unit="ms",
            bar="<= 1.5 x the page without",
        )
    ]
