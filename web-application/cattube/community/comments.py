"""Comments below videos: who may write, change and delete them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, Prefetch, QuerySet
from django.utils import timezone

from cattube.channels.models import Channel
from cattube.community.flood import TooFast, refuse_flood
from cattube.community.models import Comment, CommentReport
from cattube.errors import InvalidFields, NotAllowed, NotFound, SiteError
from cattube.videos.access import Viewer, can_edit, can_watch
from cattube.videos.channel_access import channels_seen
from cattube.videos.models import Video

# Replies stand below their comment all at once.
MAX_REPLIES = 50
# Comments of one person: in a minute, and in a day.
LIMITS = ((timedelta(minutes=1), 5), (timedelta(days=1), 200))
NO_COMMENT = "There is no such comment, or it is not shared with you."


class CommentsOff(NotAllowed):
    code = "COMMENTS_OFF"

    def __init__(self) -> None:
        super().__init__("The owner of this video has switched comments off.")


class TooManyReplies(SiteError):
    code, status = "TOO_MANY_REPLIES", 409

    def __init__(self) -> None:
        super().__init__("This comment has as many replies as fit below it. Write a new one.")


def comments_of(video: Video) -> QuerySet[Comment]:
    """Comments below the video with their replies, oldest reply first; none while they are off."""
    if not video.comments_allowed:
        return Comment.objects.none()
    # Of this video: each of them has the one that is read already.
    return _with_replies(video.comments.select_related("user")).filter(parent=None)


def count_of(video: Video) -> int:
    return Comment.objects.filter(video=video).count() if video.comments_allowed else 0


def channels_of_authors(comments: Sequence[Comment], viewer: Viewer) -> dict[int, Channel]:
    """Channels of who wrote these and their replies, and the viewer's own, by account; those they see."""
    written = [*comments, *(reply for comment in comments for reply in comment.replies.all())]
    authors = {comment.user_id for comment in written}
    return channels_seen(authors | ({viewer.pk} if viewer.is_authenticated else set()), viewer)


def write_comment(
    video: Video, author: User, text: str, *, seconds: int | None = None, parent_id: int | None = None
) -> Comment:
    """New comment of `author`; a reply to a reply stands beside it.

    text: clean. Raises CommentsOff, InvalidFields for a parent elsewhere, TooManyReplies, TooFast.
    """
    if not video.comments_allowed:
        raise CommentsOff
    try:
        with transaction.atomic():
            # Comments of one person come one after the other, so that a flood is counted.
            User.objects.select_for_update(no_key=True).get(pk=author.pk)
            _refuse_flood(author)
            return Comment.objects.create(
                video=video,
                user=author,
                parent=_parent(video, parent_id),
                text=text,
                seconds=seconds,
                created_at=timezone.now(),
            )
    except IntegrityError as error:  # the video, or the comment replied to, is deleted at the same moment
        raise NotFound from error


def change_comment(comment: Comment, author: User, text: str) -> None:
    """Give the comment another text. Raises NotAllowed for anybody but its author."""
    if not can_change(comment, author):
        raise NotAllowed("Only who wrote a comment can change it.")
    if text != comment.text:
        comment.text, comment.edited_at = text, timezone.now()
        Comment.objects.filter(pk=comment.pk).update(text=text, edited_at=comment.edited_at)


def delete_comment(comment: Comment, viewer: Viewer) -> None:
    """Delete the comment with its replies. Raises NotAllowed."""
    if not can_delete(comment, viewer):
        raise NotAllowed("A comment is deleted by who wrote it, or by the owner of the video.")
    comment.delete()


def report_comment(comment: Comment, reporter: User, reason: str) -> None:
    """Tell staff that the comment does not belong here. A second report of one person changes nothing.

    Raises NotFound, TooFast.
    """
    refuse_flood(reporter, "report")
    try:
        CommentReport.objects.get_or_create(comment=comment, user=reporter, defaults={"reason": reason})
    except IntegrityError as error:  # the comment is deleted at the same moment
        raise NotFound(NO_COMMENT) from error


def allow_comments(video: Video, *, allowed: bool) -> None:
    """Switch comments on or off. Those that are there are hidden meanwhile, and kept."""
    Video.objects.filter(pk=video.pk).update(comments_allowed=allowed)


def comment_to_see(comment_id: int, viewer: Viewer) -> Comment:
    """The comment, if the viewer may see it. Raises NotFound."""
    is_storable = comment_id <= BigIntegerField.MAX_BIGINT
    rows = _with_replies(Comment.objects.select_related("user", "video__owner"))
    comment = rows.filter(pk=comment_id).first() if is_storable else None
    if comment is None or not can_watch(comment.video, viewer) or not comment.video.comments_allowed:
        raise NotFound(NO_COMMENT)
    return comment


def can_change(comment: Comment, viewer: Viewer) -> bool:
    return viewer.is_authenticated and comment.user_id == viewer.pk


def can_delete(comment: Comment, viewer: Viewer) -> bool:
    return can_change(comment, viewer) or can_edit(comment.video, viewer)


def _with_replies(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    """The comments with their replies, of which the same is read."""
    return comments.prefetch_related(Prefetch("replies", comments.order_by("created_at", "pk")))


def _parent(video: Video, parent_id: int | None) -> Comment | None:
    if parent_id is None:
        return None
    parent = Comment.objects.select_related("parent").filter(video=video, pk=parent_id).first()
    if parent is None:
        raise InvalidFields("parent: there is no such comment below this video.")
    parent = parent.parent or parent
    if Comment.objects.filter(parent=parent).count() >= MAX_REPLIES:
        raise TooManyReplies
    return parent


def _refuse_flood(author: User) -> None:
    now = timezone.now()
    for window, most in LIMITS:
        written = Comment.objects.filter(user=author, created_at__gt=now - window)
        if written.count() >= most:
            # When the first of them leaves the window there is room for one.
            first = written.order_by("-created_at").values_list("created_at", flat=True)[most - 1]
            pause = (first + window - now).total_seconds()
            raise TooFast(max(1, round(pause)), "These were many comments.")
