"""API of comments and of reports about them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status as Answer

from cattube.accounts.tokens.token_scopes import Scope
from cattube.channels.models import Channel
from cattube.community import comments
from cattube.community.models import Comment
from cattube.paging.by_moment import page_before
from cattube.videos import access
from cattube.web.api.auth import NEEDS_READ_OR_NOBODY, needs
from cattube.web.api.community.comment_schemas import (
    CommentChangesIn,
    CommentListOut,
    CommentOut,
    NewCommentIn,
    ReportIn,
)
from cattube.web.api.schemas import Cursor, ErrorOut, Limit
from cattube.web.person import person_of

router = Router(tags=["comments"])
ERRORS: dict[Any, Any] = {frozenset({400, 401, 403, 404}): ErrorOut}
FLOOD: dict[Any, Any] = {429: ErrorOut}


@router.get(
    "/videos/{id}/comments",
    response={200: CommentListOut, **ERRORS},
    auth=NEEDS_READ_OR_NOBODY,
    url_name="comments",
)
def list_comments(
    request: HttpRequest,
    id: str,  # noqa: A002 the word in the URL
    cursor: Cursor = "",
    limit: Limit = 24,
) -> Answer[dict[str, Any]]:
    """Comments below a video, newest first, each with all its replies, oldest first."""
    video = access.video_to_watch(id, request.user)
    page, following = page_before(
        comments.comments_of(video), moment="created_at", cursor=cursor, limit=limit
    )
    return Answer(
        200,
        {
            "items": _with_replies(page, request),
            "next": following,
            "total": comments.count_of(video),
            "is_open": video.comments_allowed,
        },
    )


@router.post(
    "/videos/{id}/comments",
    response={201: CommentOut, **ERRORS, **FLOOD, 409: ErrorOut},
    auth=needs(Scope.EDIT),
)
def write_comment(request: HttpRequest, id: str, new: NewCommentIn) -> Answer[dict[str, Any]]:  # noqa: A002
    """Comment on a video, or reply to a comment; a reply to a reply stands beside it."""
    video = access.video_to_watch(id, request.user)
    comment = comments.write_comment(
        video, person_of(request), new.text, seconds=new.seconds, parent_id=new.parent
    )
    return Answer(201, _with_replies([comment], request)[0])


@router.patch("/comments/{int:id}", response={200: CommentOut, **ERRORS}, auth=needs(Scope.EDIT))
def change_comment(request: HttpRequest, id: int, changes: CommentChangesIn) -> Answer[dict[str, Any]]:  # noqa: A002
    """Give a comment of yours another text."""
    comment = _comment(request, id)
    comments.change_comment(comment, person_of(request), changes.text)
    return Answer(200, _with_replies([comment], request)[0])


@router.delete("/comments/{int:id}", response={204: None, **ERRORS}, auth=needs(Scope.DELETE))
def delete_comment(request: HttpRequest, id: int) -> Answer[None]:  # noqa: A002
    """Delete a comment of yours, or one below your video, with its replies."""
    comments.delete_comment(_comment(request, id), request.user)
    return Answer(204, None)


@router.post("/comments/{int:id}/reports", response={204: None, **ERRORS, **FLOOD}, auth=needs(Scope.EDIT))
def report_comment(request: HttpRequest, id: int, report: ReportIn) -> Answer[None]:  # noqa: A002
    """Tell the people who run this site that a comment does not belong here."""
    comments.report_comment(_comment(request, id), person_of(request), report.reason)
    return Answer(204, None)


def _comment(request: HttpRequest, comment_id: int) -> Comment:
    return comments.comment_to_see(comment_id, request.user)


def _with_replies(page: Sequence[Comment], request: HttpRequest) -> list[dict[str, Any]]:
    channels = comments.channels_of_authors(page, request.user)
    return [
        {
            **_answer(comment, request, channels),
            "replies": [_answer(reply, request, channels) for reply in comment.replies.all()],
        }
        for comment in page
    ]


def _answer(comment: Comment, request: HttpRequest, channels: Mapping[int, Channel]) -> dict[str, Any]:
    channel = channels.get(comment.user_id)
    return {
        "id": comment.pk,
        "user": comment.user.get_username(),
        "channel": channel.name if channel else None,
        "is_owner": comment.user_id == comment.video.owner_id,
        "text": comment.text,
        "seconds": comment.seconds,
        "parent": comment.parent_id,
        "created_at": comment.created_at,
        "edited_at": comment.edited_at,
        "can_edit": comments.can_change(comment, request.user),
        "can_delete": comments.can_delete(comment, request.user),
    }
