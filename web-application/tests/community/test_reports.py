"""Reports of comments from the page: who sends one may say why."""

from __future__ import annotations

import pytest
from community.comment_requests import say
from conftest import MakeVideo
from django.test import Client

from cattube.community import comments
from cattube.community.models import Comment, CommentReport
from cattube.videos.models import Video


@pytest.fixture
def video(make_video: MakeVideo) -> Video:
    return make_video(visibility="public", status="ready")


@pytest.fixture
def comment(as_bob: Client, video: Video) -> Comment:
    return Comment.objects.get(pk=say(as_bob, video, "What a roof").json()["id"])


def test_w174_who_reports_a_comment_says_why_on_the_page(
    as_alice: Client, as_carol: Client, video: Video, comment: Comment
) -> None:
    """W174"""
    form = (
        as_alice.get(f"/videos/{video.pk}")
        .content.decode()
        .split(f'action="/comments/{comment.pk}/report"')[1]
        .split("</form>")[0]
    )
    answer = as_alice.post(f"/comments/{comment.pk}/report", {"reason": " Sells <cats> "}, follow=True)
    listed = as_carol.get("/admin/community/commentreport/").content.decode()

    assert 'name="reason"' in form
    assert 'maxlength="500"' in form
    assert "Reported." in answer.content.decode()
    assert CommentReport.objects.get().reason == "Sells <cats>"
    assert "Sells &lt;cats&gt;" in listed


@pytest.mark.parametrize("reason", ["a\x00b", "x" * 501])
def test_w174_reason_that_cannot_be_kept_is_refused_in_words(
    as_alice: Client, video: Video, comment: Comment, reason: str
) -> None:
    """W174"""
    answer = as_alice.post(f"/comments/{comment.pk}/report", {"reason": reason}, follow=True)

    assert answer.status_code == 200
    assert "Not reported." in answer.content.decode()
    assert not CommentReport.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_d121_report_of_a_comment_that_goes_at_the_same_moment_is_refused_in_words(
    as_alice: Client, comment: Comment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D121"""
    monkeypatch.setattr(comments, "refuse_flood", lambda *_: Comment.objects.filter(pk=comment.pk).delete())

    answer = as_alice.post(f"/comments/{comment.pk}/report", {"reason": "Sells cats"}, follow=True)

    assert answer.status_code == 200
    assert "There is no such comment" in answer.content.decode()
