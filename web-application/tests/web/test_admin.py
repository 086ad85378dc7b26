from typing import Any

from django.test import Client
from statuses import objects_in_bucket

from cattube.videos.models import Video

DETAILS: dict[str, Any] = {
    "title": "Renamed",
    "description": "",
    "visibility": "public",
    "assets-TOTAL_FORMS": 4,
    "assets-INITIAL_FORMS": 4,
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
