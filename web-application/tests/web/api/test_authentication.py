"""Who the API takes a request for: a session, a token, or nobody."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from json_requests import post

from cattube.accounts.models import ApiToken
from cattube.videos.models import Video


class TestAuthentication:
    def test_token_needs_no_csrf_header(self, alice: User) -> None:
        token = ApiToken.objects.issue(alice)
        client = Client(enforce_csrf_checks=True)

        answer = post(client, "/api/uploads", {"title": "Cat"}, headers={"Authorization": f"Bearer {token}"})

        assert answer.status_code == 201
        assert Video.objects.get().owner == alice

    @pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer ", "Basic YTpi", "x"])
    @pytest.mark.parametrize("path", ["/api/videos", "/api/videos/aaaaaaaaaaa"])
    def test_wrong_token_is_refused_even_where_none_is_needed(
        self, client: Client, db: None, path: str, header: str
    ) -> None:
        answer = client.get(path, headers={"Authorization": header})

        assert (answer.status_code, answer.json()["error"]) == (401, "LOGIN_NEEDED")

    def test_token_of_a_closed_account_is_void(self, client: Client, alice: User) -> None:
        token = ApiToken.objects.issue(alice)
        User.objects.update(is_active=False)

        assert client.get("/api/videos", headers={"Authorization": f"Bearer {token}"}).status_code == 401

    def test_token_is_not_kept_in_clear(self, alice: User) -> None:
        token = ApiToken.objects.issue(alice)

        assert token not in str(ApiToken.objects.values())

    def test_session_with_its_csrf_header_may_change_things(self, alice: User) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(alice)
        page = client.get("/upload/").content.decode()
        token = page.partition('name="csrf-token" content="')[2].partition('"')[0]

        answer = post(client, "/api/uploads", {"title": "Cat"}, headers={"X-CSRFToken": token})

        assert answer.status_code == 201

    def test_no_login_is_a_401_in_json(self, client: Client, db: None) -> None:
        answer = post(Client(enforce_csrf_checks=True), "/api/uploads", {"title": "Cat"})

        assert (answer.status_code, answer.json()["error"]) == (401, "LOGIN_NEEDED")
