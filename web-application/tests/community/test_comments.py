"""Comments: who may write, change, delete and report them, and what they look like to whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from community.comment_requests import comments_of, say
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from cattube.channels.models import Channel
from cattube.community import comments
from cattube.community.models import Comment, CommentReport
from cattube.videos.models import Video


@pytest.fixture
def video(make_video: MakeVideo) -> Video:
    return make_video(visibility="public", status="ready")


@pytest.fixture
def comment(as_bob: Client, video: Video) -> Comment:
    return Comment.objects.get(pk=say(as_bob, video, "What a roof").json()["id"])


def page_of(client: Client, video: Video, query: str = "") -> str:
    return client.get(f"/videos/{video.pk}{query}").content.decode()


def test_comment_and_its_replies_are_shown_to_everybody(
    as_bob: Client, as_alice: Client, client: Client, video: Video, comment: Comment
) -> None:
    reply = say(as_alice, video, "Thank you", parent=comment.pk).json()
    say(as_bob, video, "Once more", parent=reply["id"])

    (shown,) = comments_of(client, video)
    page = page_of(client, video)

    assert [one["text"] for one in (shown, *shown["replies"])] == ["What a roof", "Thank you", "Once more"]
    assert [one["parent"] for one in shown["replies"]] == [comment.pk, comment.pk]
    assert [one["is_owner"] for one in shown["replies"]] == [True, False]
    assert "3 comments" in page
    assert page.index("What a roof") < page.index("Thank you") < page.index("Once more")
    assert "<textarea" not in page


def test_comment_is_written_changed_and_deleted_without_a_script(as_bob: Client, video: Video) -> None:
    written = as_bob.post(f"/videos/{video.pk}/comments", {"text": "First"}, follow=True)
    comment = Comment.objects.get()
    changed = as_bob.post(f"/comments/{comment.pk}/edit", {"text": "Second"}, follow=True)
    deleted = as_bob.post(f"/comments/{comment.pk}/delete", follow=True)

    assert written.redirect_chain == [(f"/videos/{video.pk}#comment-{comment.pk}", 302)]
    assert "First" in written.content.decode()
    assert "Second" in changed.content.decode()
    assert "edited" in changed.content.decode()
    assert "The comment is deleted." in deleted.content.decode()
    assert not Comment.objects.exists()


@pytest.mark.parametrize("text", ["", "   ", "\u3164", "\u200b", "x" * 2001, "a\x00b", "x\n" * 1001])
def test_comment_that_is_none_is_refused(as_bob: Client, video: Video, text: str) -> None:
    answer = say(as_bob, video, text)
    page = as_bob.post(f"/videos/{video.pk}/comments", {"text": text})

    assert (answer.status_code, answer.json()["error"]) == (400, "INVALID_FIELDS")
    assert page.status_code == 400
    assert "Your comment was not posted" in page.content.decode()
    assert not Comment.objects.exists()


ODD_STRINGS = [
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "{{7*7}}",
    "{% url 'admin:index' %}",
    "\u202egnp.exe",
    "1:23<b onclick=x>4:56",
    "javascript:alert(1)//",
    "\U0001f408\u200d⬛ caf\u00e9",
    "'; DROP TABLE community_comment; --",
    "&lt;script&gt; &amp;",
    "x" * 2000,
]


@pytest.mark.parametrize("text", ODD_STRINGS, ids=range(len(ODD_STRINGS)))
def test_odd_comment_stays_text_on_page_api_and_administration_d01(
    as_bob: Client, as_carol: Client, video: Video, text: str
) -> None:
    """D01"""
    comment = say(as_bob, video, text).json()
    as_carol.post(f"/api/comments/{comment['id']}/reports", "{}", "application/json")
    pages = [page_of(as_bob, video), as_carol.get("/admin/community/commentreport/").content.decode()]
    pages.append(as_carol.get("/admin/community/comment/").content.decode())

    assert comments_of(as_carol, video)[0]["text"] == text
    for page in pages:
        for markup in ("<script>alert", "<svg onload", "<b onclick", 'href="javascript:', ">49<"):
            assert markup not in page


def test_time_in_a_comment_leads_there(as_bob: Client, video: Video) -> None:
    Video.objects.update(duration_seconds=3600)
    say(as_bob, video, "Look at 1:23 & 1:02:03\nor 12:34", seconds=7)

    page = page_of(as_bob, video)

    assert '<a href="?t=7">0:07</a>' in page
    # There is nothing after the end.
    assert '<a href="?t=83">1:23</a> &amp; 1:02:03<br>or <a href="?t=754">12:34</a>' in page


def test_only_the_author_changes_a_comment(as_alice: Client, as_carol: Client, comment: Comment) -> None:
    for client in (as_alice, as_carol):
        path = f"/api/comments/{comment.pk}"
        assert client.patch(path, '{"text": "Mine"}', "application/json").status_code == 403
        assert client.post(f"/comments/{comment.pk}/edit", {"text": "Mine"}).status_code == 404

    comment.refresh_from_db()
    assert comment.text == "What a roof"


def test_author_and_owner_of_the_video_delete_a_comment_and_nobody_else(
    as_alice: Client, as_bob: Client, as_carol: Client, video: Video, comment: Comment
) -> None:
    other = say(as_bob, video, "Second").json()["id"]

    answers = [
        as_carol.delete(f"/api/comments/{comment.pk}"),
        as_alice.delete(f"/api/comments/{comment.pk}"),
        as_bob.delete(f"/api/comments/{other}"),
        as_bob.delete(f"/api/comments/{other}"),
    ]

    assert [answer.status_code for answer in answers] == [403, 204, 204, 404]
    assert as_carol.post(f"/comments/{comment.pk}/delete").status_code == 404


@pytest.mark.parametrize("change", [{"visibility": "private"}, {"trashed_at": timezone.now()}])
def test_comments_are_seen_by_those_who_see_the_video_w105(
    as_bob: Client, video: Video, comment: Comment, change: dict[str, Any]
) -> None:
    """W105"""
    Video.objects.update(**change)

    answers = [
        as_bob.get(f"/api/videos/{video.pk}/comments"),
        say(as_bob, video, "Still here?"),
        as_bob.patch(f"/api/comments/{comment.pk}", '{"text": "x"}', "application/json"),
        as_bob.delete(f"/api/comments/{comment.pk}"),
        as_bob.post(f"/api/comments/{comment.pk}/reports", "{}", "application/json"),
        as_bob.post(f"/comments/{comment.pk}/edit", {"text": "x"}),
        as_bob.post(f"/comments/{comment.pk}/delete"),
        as_bob.post(f"/comments/{comment.pk}/report"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 8


def test_owner_switches_comments_off_and_on_again(
    as_alice: Client, as_bob: Client, video: Video, comment: Comment
) -> None:
    as_alice.post(f"/videos/{video.pk}/comments/switch")
    refused, page = say(as_bob, video, "Hello?"), page_of(as_bob, video)
    listed = as_bob.get(f"/api/videos/{video.pk}/comments").json()
    by_bob = as_bob.post(f"/videos/{video.pk}/comments/switch", {"allowed": "1"})
    as_alice.patch(f"/api/videos/{video.pk}", '{"comments_allowed": true}', "application/json")

    assert (refused.status_code, refused.json()["error"]) == (403, "COMMENTS_OFF")
    assert "Comments are off" in page
    assert "What a roof" not in page
    assert listed == {"items": [], "next": None, "total": 0, "is_open": False}
    assert by_bob.status_code == 403
    assert "What a roof" in page_of(as_bob, video)


def test_reply_belongs_below_a_comment_of_the_same_video(
    as_bob: Client, make_video: MakeVideo, comment: Comment
) -> None:
    other = make_video(visibility="public", status="ready")

    for parent in (comment.pk, 10**12):
        assert say(as_bob, other, "Lost", parent=parent).status_code == 400


def test_replies_are_as_many_as_fit_on_a_page(
    as_alice: Client, bob: User, video: Video, comment: Comment
) -> None:
    now = timezone.now()
    Comment.objects.bulk_create(
        Comment(video=video, user=bob, parent=comment, text="x", created_at=now)
        for _ in range(comments.MAX_REPLIES)
    )

    answer = say(as_alice, video, "One more", parent=comment.pk)

    assert (answer.status_code, answer.json()["error"]) == (409, "TOO_MANY_REPLIES")


def test_flood_of_comments_is_told_to_wait_and_others_are_not_w104(
    as_bob: Client, as_alice: Client, video: Video
) -> None:
    """W104"""
    answers = [say(as_bob, video, f"Comment {number}") for number in range(6)]
    by_form = as_bob.post(f"/videos/{video.pk}/comments", {"text": "What I typed"})
    by_alice = say(as_alice, video, "Calm down")
    Comment.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    later = say(as_bob, video, "I am calm")

    assert [answer.status_code for answer in answers] == [201] * 5 + [429]
    assert 1 <= int(answers[5]["Retry-After"]) <= 60
    assert by_form.status_code == 429
    assert "What I typed" in by_form.content.decode()
    assert (by_alice.status_code, later.status_code) == (201, 201)


def test_reported_comment_is_seen_by_staff_who_delete_it_or_let_it_be(
    as_alice: Client, as_carol: Client, as_bob: Client, video: Video, comment: Comment
) -> None:
    path = f"/api/comments/{comment.pk}/reports"
    for reason in ("Unkind", "Unkind again"):
        as_alice.post(path, f'{{"reason": "{reason}"}}', "application/json")
    listed = as_carol.get("/admin/community/commentreport/").content.decode()
    report = CommentReport.objects.get()

    def act(action: str) -> None:
        form = {"action": action, "_selected_action": report.pk}
        as_carol.post("/admin/community/commentreport/", form)

    act("settle")
    settled = CommentReport.objects.get().settled_at
    act("delete_comments")

    assert "What a roof" in listed
    assert "Unkind" in listed
    assert settled is not None
    assert comments_of(as_bob, video) == []
    assert as_bob.get("/admin/community/commentreport/").status_code == 302


def test_w174_comment_leads_to_the_channel_of_who_wrote_it_where_there_is_something_to_see(
    as_alice: Client, client: Client, bob: User, video: Video, comment: Comment, make_video: MakeVideo
) -> None:
    """W174"""
    say(as_alice, video, "Thank you", parent=comment.pk)
    hidden = [page_of(client, video), comments_of(client, video)[0]["channel"]]
    make_video(owner=bob, visibility="public", status="ready")
    Channel.objects.filter(owner=bob).update(picture_version="abc")

    shown = page_of(client, video).split('id="comments"')[1]

    assert "/channels/bob" not in hidden[0]
    assert hidden[1] is None
    assert 'href="/channels/bob"' in shown
    assert 'src="/channels/bob/picture?v=abc"' in shown
    assert 'href="/channels/alice"' in shown
    (told,) = comments_of(client, video)
    assert (told["channel"], told["replies"][0]["channel"]) == ("bob", "alice")


def test_older_comments_have_an_address(client: Client, bob: User, video: Video) -> None:
    now = timezone.now()
    Comment.objects.bulk_create(
        Comment(video=video, user=bob, text=f"Comment {n}.", created_at=now + timedelta(seconds=n))
        for n in range(25)
    )
    first = client.get(f"/videos/{video.pk}")

    second = page_of(client, video, f"?comments={first.context['comments_next']}")

    assert "Comment 24." in first.content.decode()
    assert "Comment 4." not in first.content.decode()
    assert "Comment 4." in second
    assert "Comment 24." in page_of(client, video, "?comments=forged")
