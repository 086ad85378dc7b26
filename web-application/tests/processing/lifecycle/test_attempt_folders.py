"""Each attempt at a video stores into a random folder of its own, and nobody else's work goes there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import MakeVideo
from django.test import Client
from engine_double import EngineDouble
from pytest_django import Settings
from statuses import (
    ASSEMBLY_ID,
    FILES,
    NOTIFICATION_URL,
    OTHER_ASSEMBLY_ID,
    completed_status,
    notification,
    objects_in_bucket,
    result_of,
)

from cattube.processing.lifecycle.deletion import delete_forever
from cattube.processing.lifecycle.retry import start_new_attempt
from cattube.processing.models import Abandonment
from cattube.processing.reconcile import reconcile
from cattube.videos.models import Video


def in_folder(video: Video, folder: str, **more: Any) -> dict[str, Any]:
    """The end of an Assembly whose results lie in `folder`, and are there."""
    status = completed_status(
        video,
        results={step: [result_of(step, folder)] for step in FILES},
        **{"assembly_id": ASSEMBLY_ID, **more},
    )
    for step in FILES:
        put(f"{step}/{folder}/{FILES[step][0]}")
    return status


def put(object_key: str) -> None:
    from django.conf import settings

    path = Path(settings.BUCKET_FOLDER) / object_key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(object_key.encode())


def signed_fields(answer: Any) -> dict[str, Any]:
    return dict(json.loads(answer.json()["assembly"]["params"])["fields"])


def keys_of(video: Video) -> set[str]:
    return {asset.object_key for asset in video.assets.all()}


def report(client: Client, status: dict[str, Any]) -> str:
    answer = client.post(NOTIFICATION_URL, notification(status))
    assert answer.status_code == 200
    return str(answer.json()["outcome"])


def test_d45_options_name_a_folder_that_tells_nothing_and_each_attempt_has_another(
    as_alice: Client, engine_double: EngineDouble
) -> None:
    made = as_alice.post("/api/uploads", {"title": "cat"}, content_type="application/json")
    video = Video.objects.get()
    Video.objects.update(status="failed")
    again = as_alice.post(f"/api/videos/{video.pk}/retry")

    first, second = signed_fields(made), signed_fields(again)

    assert first.items() >= {"video": video.pk, "attempt": 1, "folder": video.folder}.items()
    assert re.fullmatch(r"[0-9a-f]{32}", second["folder"])
    assert second["folder"] not in (first["folder"], "")
    assert Abandonment.objects.get().folder == first["folder"]


def test_d45_results_are_found_by_the_folder_that_was_signed(client: Client, make_video: MakeVideo) -> None:
    video = make_video()

    report(client, in_folder(video, video.folder))

    video.refresh_from_db()
    assert video.status == "ready"
    assert keys_of(video) == {f"{step}/{video.folder}/{name}" for step, (name, _, _) in FILES.items()}


@pytest.mark.parametrize("folder", [None, ""], ids=["template-not-pushed-yet", "begun-before-the-upgrade"])
def test_results_under_the_id_of_the_assembly_are_found_too(
    client: Client, make_video: MakeVideo, folder: str | None
) -> None:
    """A hosted template may be older than the site, and so may what is at work while it is upgraded."""
    video = make_video() if folder is None else make_video(folder=folder)

    report(client, in_folder(video, ASSEMBLY_ID))

    video.refresh_from_db()
    assert video.status == "ready"
    assert f"watermarked/{ASSEMBLY_ID}/cat.mp4" in keys_of(video)


def test_params_signed_before_the_upgrade_have_no_folder_and_do(
    client: Client, make_video: MakeVideo
) -> None:
    video = make_video(folder="")
    status = in_folder(video, ASSEMBLY_ID)
    params = json.loads(status["params"])
    del params["fields"]["folder"]

    report(client, {**status, "params": json.dumps(params)})

    video.refresh_from_db()
    assert video.status == "ready"


@pytest.mark.parametrize("stranger", ["e" * 32, OTHER_ASSEMBLY_ID])
def test_d47_results_in_the_folder_of_another_are_none_of_ours(
    client: Client, make_video: MakeVideo, stranger: str
) -> None:
    video = make_video()

    report(client, in_folder(video, stranger))

    video.refresh_from_db()
    assert (video.status, keys_of(video)) == ("failed", set())


def test_d48_second_assembly_of_an_attempt_takes_nothing_away(client: Client, make_video: MakeVideo) -> None:
    """A replay, say. What it stores lies beside what people watch, and goes when that goes."""
    video = make_video()
    report(client, in_folder(video, video.folder))
    before = objects_in_bucket()
    put(f"watermarked/{video.folder}/cat-2.mp4")

    outcome = report(client, in_folder(video, video.folder, assembly_id=OTHER_ASSEMBLY_ID))

    assert outcome == "unwanted"
    assert set(objects_in_bucket()) == {*before, f"watermarked/{video.folder}/cat-2.mp4"}
    delete_forever(Video.objects.get())
    assert objects_in_bucket() == []


def test_d48_assembly_under_the_id_in_old_keys_of_another_takes_nothing_of_them_away(
    client: Client, make_video: MakeVideo, engine_double: EngineDouble
) -> None:
    """Clients choose the ids of Assemblies, and old addresses of files tell some."""
    old, evil = make_video(folder=""), make_video()
    report(client, in_folder(old, ASSEMBLY_ID))
    before = objects_in_bucket()
    steps = json.dumps(
        {"steps": {step: {} for step in FILES} | {"s": {"robot": "/s3/store", "use": [*FILES]}}}
    )
    Video.objects.filter(pk=evil.pk).update(assembly_id=ASSEMBLY_ID)
    engine_double.knows(completed_status(evil, results={}, merged_params=steps))

    delete_forever(Video.objects.get(pk=evil.pk))

    assert objects_in_bucket() == before
    delete_forever(Video.objects.get(pk=old.pk))
    assert objects_in_bucket() == []


def test_s09_retry_clears_the_old_folder_and_leaves_the_new_one(
    client: Client, make_video: MakeVideo, engine_double: EngineDouble
) -> None:
    video = make_video(assembly_id=ASSEMBLY_ID)
    first = video.folder
    status = in_folder(video, first, error="FILE_FILTER_DECLINED_FILE")
    put(f"watermarked/{first}/half.mp4")
    engine_double.knows(status)
    Video.objects.update(status="failed")

    again = start_new_attempt(video.pk)
    report(client, in_folder(again, again.folder, assembly_id=OTHER_ASSEMBLY_ID))
    reconcile()

    again.refresh_from_db()
    assert again.status == "ready"
    assert {key.split("/")[1] for key in objects_in_bucket()} == {again.folder}
    assert again.folder != first


def test_d49_site_signs_all_it_asks_about_an_assembly(
    make_video: MakeVideo, engine_double: EngineDouble, settings: Settings
) -> None:
    """The engine shows an Assembly that has ended to its account alone."""
    video = make_video(assembly_id=ASSEMBLY_ID)
    engine_double.knows(in_folder(video, video.folder))

    reconcile()
    delete_forever(Video.objects.get())

    assert len(engine_double.identified) >= 3
    assert all(signature.startswith("sha384:") for signature in engine_double.identified)
