"""Tokens: what each may do and for how long, and their owner's list of them (D43)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from cattube.accounts.models import ApiToken
from cattube.accounts.tokens.token_scopes import Scope
from cattube.videos.models import Video

# (method, path) -> the scope that a token needs; None: a token may always
NEEDED = {
    ("GET", "/api/videos"): "read",
    ("GET", "/api/suggest"): "read",
    ("GET", "/api/videos/{id}"): "read",
    ("GET", "/api/videos/{id}/events"): "read",
    ("GET", "/api/videos/{id}/storyboard.vtt"): "read",
    ("GET", "/api/videos/{id}/live/{name}"): "read",
    ("PATCH", "/api/videos/{id}"): "edit",
    ("DELETE", "/api/videos/{id}"): "delete",
    ("POST", "/api/videos/{id}/restore"): "delete",
    ("POST", "/api/videos/{id}/retry"): "upload",
    ("POST", "/api/uploads"): "upload",
    ("GET", "/api/uploads/{id}"): "upload",
    ("GET", "/api/uploads/{id}/parts"): "upload",
    ("POST", "/api/uploads/{id}/parts/{number}"): "upload",
    ("POST", "/api/uploads/{id}/complete"): "upload",
    ("GET", "/api/videos/{id}/captions"): "read",
    ("POST", "/api/videos/{id}/captions"): "edit",
    ("GET", "/api/videos/{id}/captions/{language}"): "read",
    ("PUT", "/api/videos/{id}/captions/{language}"): "edit",
    ("DELETE", "/api/videos/{id}/captions/{language}"): "edit",
    ("GET", "/api/videos/{id}/transcript"): "read",
    ("GET", "/api/videos/{id}/chapters"): "read",
    ("PUT", "/api/videos/{id}/chapters"): "edit",
    ("POST", "/api/bulk"): "edit",
    ("POST", "/api/videos/{id}/views"): "read",
    ("PUT", "/api/videos/{id}/position"): "edit",
    ("GET", "/api/history"): "read",
    ("PATCH", "/api/history"): "edit",
    ("DELETE", "/api/history"): "delete",
    ("DELETE", "/api/history/{id}"): "delete",
    ("PUT", "/api/videos/{id}/like"): "edit",
    ("DELETE", "/api/videos/{id}/like"): "edit",
    ("GET", "/api/videos/{id}/comments"): "read",
    ("POST", "/api/videos/{id}/comments"): "edit",
    ("PATCH", "/api/comments/{id}"): "edit",
    ("DELETE", "/api/comments/{id}"): "delete",
    ("POST", "/api/comments/{id}/reports"): "edit",
    ("GET", "/api/channels/{name}"): "read",
    ("PATCH", "/api/channels/{name}"): "edit",
    ("PUT", "/api/channels/{name}/picture"): "edit",
    ("DELETE", "/api/channels/{name}/picture"): "edit",
    ("PUT", "/api/channels/{name}/follow"): "edit",
    ("DELETE", "/api/channels/{name}/follow"): "edit",
    ("GET", "/api/following"): "read",
    ("GET", "/api/following/videos"): "read",
    ("GET", "/api/trash"): "read",
    ("DELETE", "/api/trash"): "delete",
    ("GET", "/api/playlists"): "read",
    ("POST", "/api/playlists"): "edit",
    ("GET", "/api/playlists/{id}"): "read",
    ("PATCH", "/api/playlists/{id}"): "edit",
    ("DELETE", "/api/playlists/{id}"): "delete",
    ("PUT", "/api/playlists/{id}/videos/{video_id}"): "edit",
    ("DELETE", "/api/playlists/{id}/videos/{video_id}"): "edit",
    ("GET", "/api/tokens"): "read",
    ("POST", "/api/tokens"): "edit",
    ("DELETE", "/api/tokens/{id}"): "delete",
}


def token_with(user: User, *scopes: str, **fields: Any) -> str:
    return ApiToken.objects.issue_with(user, scopes=map(Scope, scopes), **fields)[1]


def call(token: str, method: str, path: str, body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {token}"}
    return Client().generic(method, path, json.dumps(body or {}), "application/json", headers=headers)


def make(client: Client, **fields: Any) -> Any:
    return client.post("/api/tokens", json.dumps(fields), "application/json")


def rfc3339(**time: int) -> str:
    return (timezone.now() + timedelta(**time)).isoformat()


def path_to(path: str, video: Video, user: User) -> str:
    other = ApiToken.objects.issue_with(user, scopes=Scope)[0]
    has_number = path.startswith(("/api/tokens", "/api/comments"))
    row_id = other.pk if has_number else video.pk
    return path.format(id=row_id, video_id=video.pk, number=1, name="live.m3u8", language="en")


@pytest.mark.parametrize("route", NEEDED, ids=" ".join)
def test_token_without_the_scope_is_refused_in_words_d43(
    alice: User, alice_video: Video, route: tuple[str, str]
) -> None:
    method, path = route
    body = {"title": "Renamed", "videos": [alice_video.pk], "visibility": "public"}
    token = token_with(alice, *(scope for scope in Scope if scope != NEEDED[route]))
    before = Video.objects.values().get()

    answer = call(token, method, path_to(path, alice_video, alice), body)

    assert (answer.status_code, answer.json()["error"]) == (403, "SCOPE_MISSING")
    assert f"a token with the scope {NEEDED[route]}" in answer.json()["message"]
    assert Video.objects.values().get() == before
    assert ApiToken.objects.count() == 2


@pytest.mark.parametrize("route", NEEDED, ids=" ".join)
def test_scope_is_all_that_a_token_needs_d43(alice: User, alice_video: Video, route: tuple[str, str]) -> None:
    method, path = route
    body = {"title": "Renamed", "scopes": [NEEDED[route]]}

    answer = call(token_with(alice, NEEDED[route]), method, path_to(path, alice_video, alice), body)
    answer.close()

    assert answer.status_code not in (401, 403)


def test_table_of_scopes_names_every_operation(client: Client) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]

    assert set(NEEDED) == {
        (method.upper(), path) for path, operations in paths.items() for method in operations
    }


def test_token_that_uploads_may_name_the_assembly_and_change_nothing_else_d43(
    alice: User, alice_video: Video
) -> None:
    token, path = token_with(alice, "upload"), f"/api/videos/{alice_video.pk}"
    assembly_id = "5d4f0c2e5d4f0c2e5d4f0c2e5d4f0c2e"

    assert call(token, "PATCH", path, {"assembly_id": assembly_id}).status_code == 200
    answer = call(token, "PATCH", path, {"assembly_id": assembly_id, "title": "Mine"})

    assert answer.status_code == 403
    assert Video.objects.get().title == "Cat on a roof"


def test_token_from_before_scopes_may_do_everything_for_ever(alice: User, alice_video: Video) -> None:
    row = ApiToken.objects.create(user=alice, digest="0" * 64)

    row.refresh_from_db()

    assert (row.scope_set, row.expires_at) == (frozenset(Scope), None)


def test_expired_token_is_refused_in_words_d43(alice: User) -> None:
    token = token_with(alice, "read", expires_at=timezone.now() - timedelta(seconds=1))

    answer = call(token, "GET", "/api/videos")

    assert (answer.status_code, answer.json()["error"]) == (401, "TOKEN_EXPIRED")
    assert "Make a new one" in answer.json()["message"]
    assert ApiToken.objects.get().last_used_at is None


def test_token_is_shown_once_and_works_until_it_is_withdrawn(as_alice: Client) -> None:
    end = rfc3339(days=30)

    made = make(as_alice, label=" laptop ", scopes=["upload", "read", "read"], expires_at=end)
    listed = as_alice.get("/api/tokens")

    assert made.status_code == 201
    assert made["Cache-Control"] == listed["Cache-Control"] == "no-store"
    token = made.json()["token"]
    (item,) = listed.json()["items"]
    assert listed.json()["next"] is None
    assert (item["label"], item["scopes"]) == ("laptop", ["read", "upload"])
    assert item["expires_at"][:19] == end[:19]
    assert token not in listed.content.decode()
    assert call(token, "GET", "/api/videos").status_code == 200

    assert as_alice.delete(f"/api/tokens/{item['id']}").status_code == 204
    assert call(token, "GET", "/api/videos").status_code == 401


def test_token_reads_unless_more_is_asked_for(as_alice: Client) -> None:
    made = make(as_alice).json()

    assert (made["scopes"], made["expires_at"]) == (["read"], None)


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        pytest.param({"scopes": ["admin"]}, "scopes", id="unknown scope"),
        pytest.param({"scopes": []}, "scopes", id="no scope"),
        pytest.param({"label": "x" * 81}, "label", id="long label"),
        pytest.param({"label": "a\x00"}, "label", id="odd label"),
        pytest.param({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at", id="past"),
        pytest.param({"expires_at": "9999-12-31T23:59:59-12:00"}, "expires_at", id="too far"),
        pytest.param({"expires_at": "2027-01-01T00:00:00"}, "expires_at", id="no time zone"),
        pytest.param({"expires_at": "soon"}, "expires_at", id="no time"),
    ],
)
def test_odd_wish_for_a_token_is_a_400_that_names_it(
    as_alice: Client, fields: dict[str, Any], word: str
) -> None:
    answer = make(as_alice, **fields)

    assert (answer.status_code, answer.json()["error"]) == (400, "INVALID_FIELDS")
    assert word in answer.json()["message"]
    assert not ApiToken.objects.exists()


def test_tokens_are_their_owners_alone_d05(as_alice: Client, as_bob: Client, as_carol: Client) -> None:
    token_id = make(as_alice).json()["id"]

    for client in (as_bob, as_carol):
        assert client.get("/api/tokens").json()["items"] == []
        answer = client.delete(f"/api/tokens/{token_id}")
        assert (answer.status_code, answer.json()["error"]) == (404, "NOT_FOUND")
    assert Client().get("/api/tokens").status_code == 401
    assert ApiToken.objects.exists()


@pytest.mark.parametrize("token_id", ["0", "9" * 40])
def test_token_that_is_none_is_a_404(as_alice: Client, token_id: str) -> None:
    assert as_alice.delete(f"/api/tokens/{token_id}").status_code == 404


def test_token_makes_none_that_can_more_or_lives_longer_d43(alice: User) -> None:
    end = timezone.now() + timedelta(days=1)
    token = token_with(alice, "read", "edit", expires_at=end)

    answers = [
        call(token, "POST", "/api/tokens", fields)
        for fields in (
            {"scopes": ["delete"], "expires_at": rfc3339(hours=1)},
            {"scopes": ["read"], "expires_at": rfc3339(days=2)},
            {"scopes": ["read"]},
        )
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert "the scope delete" in answers[0].json()["message"]
    assert "cannot live longer" in answers[1].json()["message"]
    assert ApiToken.objects.count() == 1


def test_what_a_token_made_is_withdrawn_with_it_d43(as_alice: Client, alice: User) -> None:
    parent, text = ApiToken.objects.issue_with(alice, scopes=Scope)
    child = call(text, "POST", "/api/tokens", {"scopes": ["read"]}).json()["token"]

    as_alice.delete(f"/api/tokens/{parent.pk}")

    assert call(child, "GET", "/api/videos").status_code == 401


def test_token_can_withdraw_itself_and_without_the_scope_no_other_d43(alice: User) -> None:
    (own, text), (other, _) = (ApiToken.objects.issue_with(alice, scopes=[Scope.READ]) for _ in range(2))

    assert call(text, "DELETE", f"/api/tokens/{other.pk}").status_code == 403
    assert call(text, "DELETE", f"/api/tokens/{own.pk}").status_code == 204
    assert list(ApiToken.objects.all()) == [other]


def test_number_of_tokens_has_a_bound(as_alice: Client, alice: User) -> None:
    rows = [ApiToken(user=alice, digest=f"{number:064}") for number in range(100)]
    ApiToken.objects.bulk_create(rows)

    answer = make(as_alice)

    assert (answer.status_code, answer.json()["error"]) == (409, "TOO_MANY_TOKENS")
    assert len(as_alice.get("/api/tokens").json()["items"]) == 100


def test_reading_anothers_public_video_needs_the_scope_too(
    bob: User, make_video: MakeVideo, client: Client
) -> None:
    video = make_video(visibility="public", status="ready")

    assert call(token_with(bob, "edit"), "GET", f"/api/videos/{video.pk}").status_code == 403
    assert client.get(f"/api/videos/{video.pk}").status_code == 200
