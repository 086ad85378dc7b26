"""Storing and fetching 1 GiB in a bucket of this machine, beside rclone with the same file."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from e2e.site import ROOT, clean_environment
from servers.s3_server import S3Server
from servers.swift import swift

from bench.folders import work_folder
from bench.row import Row, row_beside

MIB = 2**20
LARGE_MIB, SMALL_MIB = 1024, 128
ROUNDS = 3
SPEED, GROWTH = 0.9, 1.1


@dataclass(frozen=True)
class Measured:
    """One transfer: how long it took, and the most memory its process had."""

    seconds: float
    peak_mb: float


def measure() -> list[Row]:
    with work_folder() as folder:
        large, small = _file(folder, LARGE_MIB), _file(folder, SMALL_MIB)
        with swift(folder / "swift") as server:
            little = _there_and_back(server, small, _ours)
            rounds = [
                (_there_and_back(server, large, _ours), _there_and_back(server, large, _rclone))
                for _ in range(ROUNDS)
            ]
    ours, reference = ([each[side] for each in rounds] for side in (0, 1))
    return [row for action in little for row in _rows(action, ours, reference, little)]


Measures = dict[str, Measured]


def _rows(action: str, ours: list[Measures], reference: list[Measures], little: Measures) -> list[Row]:
    speed, other = (
        LARGE_MIB / statistics.median(each[action].seconds for each in rounds) for rounds in (ours, reference)
    )
    return [
        row_beside(
            f"bucket, {action} 1 GiB",
            speed,
            other,
            factor=SPEED,
            beside="rclone",
            unit="MiB/s",
            more_is_better=True,
        ),
        row_beside(
            f"bucket, {action} 1 GiB, memory",
            max(each[action].peak_mb for each in ours),
            little[action].peak_mb,
            factor=GROWTH,
            beside=f"that of {SMALL_MIB} MiB",
            unit="MB",
        ),
    ]


def _there_and_back(
    server: S3Server, file: Path, transfer: Callable[[S3Server, str, str, Path], Measured]
) -> Measures:
    """Store the file in a new bucket and fetch it again; the bucket is emptied afterwards."""
    bucket, back = server.make_bucket(), file.with_suffix(".back")
    measured = {
        "put": transfer(server, "put", bucket, file),
        "fetch": transfer(server, "fetch", bucket, back),
    }
    if back.stat().st_size != file.stat().st_size:
        raise RuntimeError("what came back is not what was stored")
    back.unlink()
    server.client.delete_object(Bucket=bucket, Key="file")
    return measured


def _ours(server: S3Server, action: str, bucket: str, path: Path) -> Measured:
    environment = clean_environment(
        B2_ENDPOINT_URL=server.endpoint_url,
        B2_APPLICATION_KEY_ID=server.key_id,
        B2_APPLICATION_KEY=server.secret,
        PYTHONPATH=f"{ROOT}:{ROOT / 'worker'}",
    )
    argv = [sys.executable, "-m", "bench.measures.transfer.bucket_transfer", action, bucket, str(path)]
    done = subprocess.run(argv, env=environment, cwd=ROOT, check=True, capture_output=True, text=True)
    seconds, peak_mb = map(float, done.stdout.split())
    return Measured(seconds, peak_mb)


def _rclone(server: S3Server, action: str, bucket: str, path: Path) -> Measured:
    environment = clean_environment(
        RCLONE_CONFIG_CATS_TYPE="s3",
        RCLONE_CONFIG_CATS_PROVIDER="Other",
        RCLONE_CONFIG_CATS_ENDPOINT=server.endpoint_url,
        RCLONE_CONFIG_CATS_ACCESS_KEY_ID=server.key_id,
        RCLONE_CONFIG_CATS_SECRET_ACCESS_KEY=server.secret,
        RCLONE_CONFIG_CATS_REGION=server.region,
    )
    there, here = f"cats:{bucket}/file", str(path)
    source, target = (here, there) if action == "put" else (there, here)
    argv = ["rclone", "--config", "", "copyto", "--s3-no-check-bucket", source, target]
    start = time.perf_counter()
    subprocess.run(argv, env=environment, check=True, capture_output=True)
    return Measured(time.perf_counter() - start, 0.0)


def _file(folder: Path, size_mib: int) -> Path:
    """A file of that size in which no two MiB are alike."""
    path = folder / f"{size_mib}-mib"
    with path.open("wb") as file:
        for _ in range(size_mib):
            file.write(os.urandom(MIB))
    return path
