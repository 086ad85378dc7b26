"""Pages of what a person follows: what is new there, and the channels."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cattube.channels.follows import set_follow
from cattube.channels.models import Channel, Follow
from cattube.errors import InvalidFields
from cattube.paging.by_moment import page_before
from cattube.videos.following import channels_followed, videos_followed
from cattube.viewing.history import seconds_watched
from cattube.web.pages.login_needed import login_required
from cattube.web.pages.page_links import links_from_newest
from cattube.web.person import person_of

VIDEOS_PER_PAGE = 24
CHANNELS_PER_PAGE = 50


@require_safe
@login_required
def following(request: HttpRequest) -> HttpResponse:
    """Videos of the channels that the person follows, newest first."""
    user, cursor = person_of(request), request.GET.get("cursor", "")
    try:
        videos, older = page_before(
            videos_followed(user), moment="uploaded_at", cursor=cursor, limit=VIDEOS_PER_PAGE
        )
    except InvalidFields:
        return redirect("following")
    context = {
        "videos": videos,
        "watched": seconds_watched(user, videos),
        "follows_somebody": bool(videos) or Follow.objects.filter(user=user).exists(),
        **links_from_newest(request, cursor=cursor, following=older),
    }
    return render(request, "community/following/following.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def followed_channels(request: HttpRequest) -> HttpResponse:
    """Channels that the person follows, the last chosen first, and stopping to."""
    if request.method == "POST":
        _unfollow(request)
        return redirect("followed_channels")
    cursor = request.GET.get("cursor", "")
    rows = channels_followed(person_of(request))
    try:
        follows, older = page_before(rows, moment="created_at", cursor=cursor, limit=CHANNELS_PER_PAGE)
    except InvalidFields:
        return redirect("followed_channels")
    context = {"follows": follows, **links_from_newest(request, cursor=cursor, following=older)}
    return render(request, "community/following/channels.html", context)


def _unfollow(request: HttpRequest) -> None:
    """Stop to follow the channel that the form names, also one that is not shown any more."""
    user, name = person_of(request), request.POST.get("channel", "").replace("\x00", "")
    channel = Channel.objects.select_related("owner").filter(name=name, follows__user=user).first()
    if channel is not None:
        set_follow(channel, user, follows=False)
        messages.success(request, f"You do not follow {channel.owner} any more.")
