"""The template this project ships, with the work on another host than the upload."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from servers.faults import Call, Faults

from cattube_worker.assemblies.model import PROBE

from ..execution.job_files.conftest import Hosts, hosts

if TYPE_CHECKING:
    from tests.ffmpeg.conftest import Clip

__all__ = ["hosts"]
pytestmark = pytest.mark.ffmpeg


def sent_bytes(calls: list[Call]) -> int:
    """Bytes of files that went to the bucket."""
    return sum(int(call.headers.get("content-length") or 0) for call in calls if call.method == "PUT")


def test_video_crosses_the_network_twice_and_each_result_once(
    hosts: Hosts, s3_faults: Faults, clip: Clip
) -> None:
    """S43, S45: to the host that works on it and to the bucket."""
    # Too small for a ladder, whose files would cross once more on their way to the stream.
    content = clip("large-sound.mp4").read_bytes()
    assembly = hosts.ingest.assembly(template_id="cattube")
    hosts.ingest.upload(assembly, content, filename="cat.mp4")
    assert hosts.ingest.runner(PROBE).run_once()

    hosts.work(hosts.worker)
    hosts.ingest.cleanup.tidy_ended()

    assert hosts.ingest.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    keys = hosts.objects()
    steps = {key.split("/")[0] for key in keys}
    assert steps == {":original", "resized", "watermarked", "thumbnail", "storyboard", "hls"}
    result_bytes = sum(len(hosts.content(key)) for key in keys if not key.startswith(":original/"))
    assert [call for call in s3_faults.calls if call.method == "GET" and not call.query] == []
    crossed_bytes = hosts.door.sent_bytes + sent_bytes(s3_faults.calls)
    assert crossed_bytes <= 2.2 * len(content) + result_bytes
