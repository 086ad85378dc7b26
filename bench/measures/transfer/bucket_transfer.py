"""Store or fetch one file as the engine does.

`python -m bench.measures.transfer.bucket_transfer put|fetch BUCKET PATH`, which `buckets.py` runs in a
process of its own to measure its memory, prints seconds and peak RSS in MB.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from bench.processes import peak_rss_mb
from cattube_worker.storage.store_factory import default_bucket_store


def main(action: str, bucket: str, path: Path) -> None:
    store = default_bucket_store(
        name=bucket,
        key_id=os.environ["B2_APPLICATION_KEY_ID"],
        secret=os.environ["B2_APPLICATION_KEY"],
        endpoint_url=os.environ["B2_ENDPOINT_URL"],
    )
    store.check()  # a worker has its client by then
    start = time.perf_counter()
    if action == "put":
        store.put("file", path)
    else:
        store.fetch("file", path)
    print(time.perf_counter() - start, peak_rss_mb(os.getpid()))


main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
