"""Comments below a video as its page shows them, and the forms that change them."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cattube.community import comments
from cattube.community.models import MAX_COMMENT_CHARACTERS, MAX_REASON_CHARACTERS, Comment
from cattube.errors import InvalidFields, NotAllowed, SiteError
from cattube.paging.by_moment import page_before
from cattube.videos.models import Video
from cattube.web.pages.community.comment_form import CommentForm, ReportForm
from cattube.web.pages.errors_as_pages import errors_as_pages
from cattube.web.pages.form_only import form_only
from cattube.web.pages.login_needed import login_required
from cattube.web.pages.lookup import own_video_or_404, shown_video_or_404
from cattube.web.person import person_of

COMMENTS_PER_PAGE = 20


def comments_context(request: HttpRequest, video: Video) -> dict[str, Any]:
    """What the watch page shows of comments. `?comments=` is the cursor of a later page."""
    cursor, rows = request.GET.get("comments", ""), comments.comments_of(video)
    try:
        page, following = page_before(rows, moment="created_at", cursor=cursor, limit=COMMENTS_PER_PAGE)
    except InvalidFields:
        page, following = page_before(rows, moment="created_at", cursor="", limit=COMMENTS_PER_PAGE)
    return {
        "comments": page,
        "comments_next": following,
        "author_channels": comments.channels_of_authors(page, request.user),
        "comment_count": comments.count_of(video),
        "max_comment_characters": MAX_COMMENT_CHARACTERS,
        "max_reason_characters": MAX_REASON_CHARACTERS,
    }


@form_only
@login_required
def write(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 the word in the URL
    video = shown_video_or_404(request, id)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _again(request, video, form)
    try:
        comment = comments.write_comment(
            video,
            person_of(request),
            form.cleaned_data["text"],
            seconds=form.cleaned_data["seconds"],
            parent_id=form.cleaned_data["parent"],
        )
    except SiteError as error:
        return _again(request, video, form, error)
    return _to(comment)


@form_only
@login_required
def edit(request: HttpRequest, id: int) -> HttpResponse:  # noqa: A002
    comment = _shown_comment_or_404(request, id)
    form = CommentForm(request.POST)
    if not comments.can_change(comment, request.user):
        raise Http404("This comment is somebody else's.")
    if not form.is_valid():
        return _again(request, comment.video, form)
    comments.change_comment(comment, person_of(request), form.cleaned_data["text"])
    return _to(comment)


@form_only
@login_required
def delete(request: HttpRequest, id: int) -> HttpResponse:  # noqa: A002
    comment = _shown_comment_or_404(request, id)
    try:
        comments.delete_comment(comment, request.user)
    except NotAllowed as error:
        raise Http404(str(error)) from error
    messages.success(request, "The comment is deleted.")
    return redirect(f"{comment.video.get_absolute_url()}#comments")


@form_only
@login_required
def report(request: HttpRequest, id: int) -> HttpResponse:  # noqa: A002
    comment = _shown_comment_or_404(request, id)
    form = ReportForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"Not reported. {form.errors['reason'][0]}")
        return _to(comment)
    try:
        comments.report_comment(comment, person_of(request), form.cleaned_data["reason"])
        messages.success(request, "Reported. The people who run this site will look at the comment.")
    except SiteError as error:
        messages.error(request, str(error))
    return _to(comment)


@form_only
@login_required
def switch(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
    video = own_video_or_404(request, id)
    comments.allow_comments(video, allowed=request.POST.get("allowed") == "1")
    return redirect(f"{video.get_absolute_url()}#comments")


def _shown_comment_or_404(request: HttpRequest, comment_id: int) -> Comment:
    with errors_as_pages():
        return comments.comment_to_see(comment_id, request.user)


def _again(
    request: HttpRequest, video: Video, form: CommentForm, error: SiteError | None = None
) -> HttpResponse:
    """A page with what was typed, and why it was not taken."""
    if error is not None:
        form.add_error(None, str(error))
    context = {"form": form, "video": video, "action": request.path}
    return render(
        request, "community/comments/comment_again.html", context, status=error.status if error else 400
    )


def _to(comment: Comment) -> HttpResponse:
    return redirect(f"{comment.video.get_absolute_url()}#comment-{comment.pk}")
