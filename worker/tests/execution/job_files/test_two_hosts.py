"""An upload that one host took, worked on by another."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from servers.faults import Faults

from cattube_worker.assemblies.model import PROBE
from cattube_worker.assembly_folders import folder_name

from ...conftest import UPLOAD_ONLY, files_below, open_test_engine, upload_metadata
from .conftest import Hosts, bucket_settings
from .packing import BYTES, PACK_AND_STORE, check_result, scratch_of, uploaded


def test_upload_is_worked_on_by_a_host_that_has_no_disk_in_common(hosts: Hosts) -> None:
    """S43"""
    assembly = uploaded(hosts)

    hosts.work(hosts.worker)
    hosts.ingest.cleanup.tidy_ended()
    hosts.worker.cleanup.sweep_files()

    check_result(hosts, assembly)
    assert hosts.door.sent_bytes == len(BYTES), "one fetch is enough for both of its jobs"
    assert files_below(hosts.worker.settings.cache_dir) == []


def test_upload_is_probed_by_a_host_that_has_no_disk_in_common(hosts: Hosts) -> None:
    """S43"""
    assembly = hosts.ingest.assembly(steps=PACK_AND_STORE)
    hosts.ingest.upload(assembly, BYTES)

    assert hosts.worker.runner(PROBE).run_once()
    hosts.work(hosts.worker)
    hosts.ingest.cleanup.tidy_ended()

    check_result(hosts, assembly)
    assert hosts.door.sent_bytes <= len(BYTES) + 1


def test_each_host_goes_on_with_what_the_other_has_made(hosts: Hosts) -> None:
    """S44"""
    assembly = uploaded(hosts)

    assert hosts.worker.runner().run_once()
    made = hosts.objects(scratch_of(assembly))
    hosts.work(hosts.ingest)
    hosts.ingest.cleanup.tidy_ended()

    assert len(made) == 1
    check_result(hosts, assembly)


def test_stored_result_is_copied_by_the_bucket_itself(hosts: Hosts, s3_faults: Faults) -> None:
    """S45: its bytes are sent once, and have the attributes of any stored object."""
    assembly = uploaded(hosts)
    assert hosts.worker.runner().run_once()
    (scratch_key,) = hosts.objects(scratch_of(assembly))
    s3_faults.calls.clear()

    hosts.work(hosts.ingest)

    copies = [call for call in s3_faults.calls if "x-amz-copy-source" in call.headers]
    assert [call.headers["x-amz-copy-source"] for call in copies] == [f"{hosts.bucket}/{scratch_key}"]
    assert not [call for call in s3_faults.calls if call.method == "GET" and scratch_key in call.path]
    (key,) = hosts.objects("packed/")
    head = hosts.server.client.head_object(Bucket=hosts.bucket, Key=key)
    assert head["ContentType"] == "application/zip"
    assert head["Metadata"].keys() == {"sha256"}


def test_original_is_found_in_the_bucket_once_it_is_stored(hosts: Hosts) -> None:
    """F61: the host that took it may burn then."""
    exported = {**PACK_AND_STORE["exported"], "use": ":original"}
    late = {"robot": "/file/compress", "use": ":original", "format": "zip", "queue": "batch"}
    steps = {**UPLOAD_ONLY, "exported": exported, "packed": late}
    assembly = uploaded(hosts, steps)
    assert hosts.ingest.runner().run_once()
    hosts.door.shut()

    hosts.work(hosts.worker)

    assert hosts.ingest.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    (result,) = hosts.ingest.status(assembly)["results"]["packed"]
    answer = hosts.ingest.get(result["url"])
    assert answer.status_code == 302, "the host that is asked has not made it"


def test_parts_that_came_to_different_hosts_become_one_file(hosts: Hosts) -> None:
    """S54"""
    assembly = hosts.ingest.assembly(steps=PACK_AND_STORE)
    half = len(BYTES) // 2
    parts = []
    for host, content in ((hosts.ingest, BYTES[:half]), (hosts.worker, BYTES[half:])):
        created = host.client.post(
            urlsplit(assembly["tus_url"]).path,
            headers={**host.tus, "Upload-Length": str(len(content)), "Upload-Concat": "partial"},
        )
        parts.append(urlsplit(created.headers["Location"]).path)
        assert host.patch(parts[-1], content).status_code == 204

    joined = hosts.worker.client.post(
        urlsplit(assembly["tus_url"]).path,
        headers={
            **hosts.worker.tus,
            "Upload-Concat": f"final;{' '.join(parts)}",
            "Upload-Metadata": upload_metadata(assembly["assembly_url"]),
        },
    )
    assert hosts.worker.runner(PROBE).run_once()
    hosts.work(hosts.worker)
    hosts.worker.cleanup.tidy_ended()

    assert joined.status_code == 201
    check_result(hosts, assembly)


def test_uploads_are_kept_by_their_host_and_tidied_up_by_another_only_when_it_is_gone(hosts: Hosts) -> None:
    """F63"""
    assembly = uploaded(hosts)
    hosts.work(hosts.worker)

    assert not hosts.worker.cleanup.tidy_ended()
    hosts.worker.clock.advance(3601)
    assert hosts.worker.cleanup.tidy_ended()

    assert hosts.objects(scratch_of(assembly)) == []


def test_folders_of_jobs_go_once_another_host_has_tidied_up(hosts: Hosts) -> None:
    """F63"""
    assembly = uploaded(hosts)
    hosts.work(hosts.worker)
    folder = hosts.worker.settings.tmp_dir / folder_name(assembly["assembly_id"])
    os.utime(folder, (hosts.worker.clock(), hosts.worker.clock()))
    hosts.worker.cleanup.remove_strays()
    was_kept = folder.exists()

    hosts.ingest.cleanup.tidy_ended()
    hosts.worker.cleanup.remove_strays()

    assert was_kept
    assert not folder.exists()


def test_one_host_leaves_nothing_in_the_bucket_on_the_way(
    s3_faults: Faults, s3_bucket: str, tmp_path: Path
) -> None:
    """S50: a bucket alone changes nothing for a site of one machine."""
    engine = open_test_engine(tmp_path, **bucket_settings(s3_faults.server, s3_bucket))
    assembly = engine.assembly(steps=PACK_AND_STORE)
    engine.upload(assembly, BYTES)
    s3_faults.calls.clear()

    engine.work()

    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert not [
        call for call in s3_faults.calls if "scratch" in call.path or "x-amz-copy-source" in call.headers
    ]
    assert not engine.settings.cache_dir.exists()
    engine.close()
