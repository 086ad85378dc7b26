from typing import Any

from django.contrib.auth.models import Permission, User
from django.test import Client
from engine_double import EngineDouble
from pytest_django import Settings
from statuses import ASSEMBLY_ID, objects_in_bucket

from cattube.captions.models import Captioning
from cattube.videos.models import Video

DETAILS: dict[str, Any] = {
    "title": "Renamed",
    "description": "",
    "visibility": "public",
    "assets-TOTAL_FORMS": 4,
    "assets-INITIAL_FORMS": 4,
}


JOB: dict[str, Any] = {
    "node": "resized",
    "queue": "work",
    "state": "running",
    "host": "worker-1",
    "is_part": False,
    "attempts": 1,
    "progress": 0.42,
}


def form_of(video: Video) -> dict[str, Any]:
    assets = {f"assets-{n}-id": asset.pk for n, asset in enumerate(video.assets.all())}
    owners = {f"assets-{n}-video": video.pk for n in range(4)}
    return {**DETAILS, **assets, **owners, "owner": video.owner.pk}


def test_staff_change_details_and_nothing_that_processing_found(as_carol: Client, ready_video: Video) -> None:
    answer = as_carol.post(
        f"/admin/videos/video/{ready_video.pk}/change/",
        {**form_of(ready_video), "status": "failed", "progress": 3},
    )

    ready_video.refresh_from_db()
    assert answer.status_code == 302
    assert (ready_video.title, ready_video.visibility) == ("Renamed", "public")
    assert (ready_video.status, ready_video.progress) == ("ready", 100)


def test_deleting_in_the_admin_frees_the_bytes(as_carol: Client, ready_video: Video) -> None:
    as_carol.post(f"/admin/videos/video/{ready_video.pk}/delete/", {"post": "yes"})

    assert not Video.objects.exists()
    assert objects_in_bucket() == []


def test_deleting_many_in_the_admin_frees_the_bytes(as_carol: Client, ready_video: Video) -> None:
    form = {"action": "delete_selected", "_selected_action": ready_video.pk, "post": "yes"}

    as_carol.post("/admin/videos/video/", form)

    assert not Video.objects.exists()
    assert objects_in_bucket() == []


def page_of(client: Client, video: Video) -> str:
    return client.get(f"/admin/videos/video/{video.pk}/change/").content.decode()


def test_page_of_a_video_says_where_each_of_its_jobs_runs_or_ran(
    as_carol: Client, alice_video: Video, engine_double: EngineDouble
) -> None:
    Video.objects.update(assembly_id=ASSEMBLY_ID)
    Captioning.objects.create(video=alice_video, assembly_id="c" * 32)
    part = {**JOB, "node": "encoded", "host": "worker-2", "state": "done", "is_part": True}
    captions = {**JOB, "node": "subtitles", "queue": "speech", "state": "waiting", "host": None}
    engine_double.jobs = {ASSEMBLY_ID: [JOB, part], "c" * 32: [captions]}

    page = page_of(as_carol, alice_video)

    assert "resized</th><td>work</td><td>running, 42&nbsp;%</td><td>worker-1</td>" in page
    assert "encoded, a part</th><td>work</td><td>done</td><td>worker-2</td>" in page
    assert "subtitles</th><td>speech</td><td>waiting</td><td>none yet</td>" in page


def test_page_of_a_video_is_there_though_the_engine_does_not_know_its_jobs(
    as_carol: Client, alice_video: Video, engine_double: EngineDouble, settings: Settings
) -> None:
    Video.objects.update(assembly_id=ASSEMBLY_ID)
    unknown = page_of(as_carol, alice_video)
    engine_double.jobs = {ASSEMBLY_ID: [{"node": "resized"}]}
    unreadable = page_of(as_carol, alice_video)
    settings.TRANSLOADIT_SERVICE = "http://127.0.0.1:1"

    assert "The engine knows of none." in unknown
    assert "The engine does not tell them: The list of jobs cannot be read." in unreadable
    assert "The engine does not tell them: " in page_of(as_carol, alice_video)


def test_d60_staff_who_are_no_administrators_are_not_told_names_of_hosts(
    alice_video: Video, engine_double: EngineDouble
) -> None:
    """D60"""
    Video.objects.update(assembly_id=ASSEMBLY_ID)
    engine_double.jobs = {ASSEMBLY_ID: [JOB]}
    dora, staff = User.objects.create_user("dora", is_staff=True), Client()
    dora.user_permissions.add(Permission.objects.get(codename="change_video"))
    staff.force_login(dora)

    page = page_of(staff, alice_video)

    assert alice_video.title in page
    assert "worker-1" not in page
