"""Forms of somebody whose session has ended: the way back is a page, and says that nothing was done."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client

from cattube.videos.models import Video

PASSWORD = "alice's cat is grey"
NOT_DONE = "That was not done: you had been logged out."


def send(client: Client, path: str, page: str, **headers: str) -> Any:
    return client.post(path, headers={"Referer": f"http://testserver{page}", **headers})


def log_in(client: Client, address: str) -> Any:
    [back] = parse_qs(urlsplit(address).query)["next"]
    form = {"login": "alice", "password": PASSWORD, "next": back}
    return client.post("/login/", form, follow=True)


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/videos/{id}/delete", "/videos/{id}?t=5"),
        ("/videos/{id}/again", "/?status=failed"),
        ("/history/empty", "/history/"),
        ("/settings/tokens", "/settings/"),
        ("/videos/{id}/edit", "/videos/{id}/edit"),
    ],
)
def test_w157_login_leads_back_to_the_page_with_the_form_and_says_so(
    client: Client, alice_video: Video, path: str, page: str
) -> None:
    """W157"""
    page = page.format(id=alice_video.pk)

    refused = send(client, path.format(id=alice_video.pk), page)
    door = client.get(refused["Location"])
    landed = log_in(client, refused["Location"])

    assert "so that was not done" in door.content.decode()
    assert landed.redirect_chain == [(page, 302)]
    assert NOT_DONE in landed.content.decode()
    assert NOT_DONE not in client.get("/").content.decode()
    assert Video.objects.get().trashed_at is None


def test_w157_form_without_a_page_of_ours_leads_to_the_library(
    client: Client, alice: User, alice_video: Video
) -> None:
    """W157"""
    refused = client.post(
        f"/videos/{alice_video.pk}/delete", headers={"Referer": "http://evil.example/history/"}
    )

    assert log_in(client, refused["Location"]).redirect_chain == [("/", 302)]


def test_w157_script_that_tells_of_it_itself_leaves_no_message(client: Client, alice_video: Video) -> None:
    """W157"""
    page = f"/videos/{alice_video.pk}"

    refused = send(client, f"{page}/like", page, **{"Sec-Fetch-Mode": "cors"})

    assert NOT_DONE not in log_in(client, refused["Location"]).content.decode()


def test_w157_refused_form_is_loaded_again_from_its_page(alice: User, alice_video: Video) -> None:
    """W157"""
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)

    refused = send(client, f"/videos/{alice_video.pk}/delete", "/?q=cat&age=week")
    page = refused.content.decode()

    assert refused.status_code == 403
    assert 'href="/?q=cat&amp;age=week">Load again<' in page
    assert "/delete" not in page
