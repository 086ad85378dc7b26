"""Pages of channels: what a person shows, following it, and changing one's own."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from cattube.channels.channels import make_channel
from cattube.channels.follows import is_following, set_follow
from cattube.channels.group_accounts import channels_of
from cattube.channels.models import Channel
from cattube.errors import NotAllowed, NotFound
from cattube.playlists.access import shown_on_channel
from cattube.videos import access
from cattube.videos.channel_access import (
    can_edit_channel,
    channel_beside,
    channel_to_edit,
    channel_to_see,
    shows_something,
)
from cattube.videos.models import Video
from cattube.viewing.history import seconds_watched
from cattube.web.outward.feed_links import feed_of_channel
from cattube.web.outward.link_preview import GUEST, preview_of_channel
from cattube.web.pages.community.channel_form import ChannelForm
from cattube.web.pages.errors_as_pages import errors_as_pages
from cattube.web.pages.form_only import form_only
from cattube.web.pages.login_needed import login_required
from cattube.web.pages.page_links import page_links
from cattube.web.person import person_of

VIDEOS_PER_PAGE = 24
PLAYLISTS_SHOWN = 50
ORDERS = {"newest": ("-uploaded_at", "-id"), "watched": ("-views", "-id")}


@require_safe
def channel(request: HttpRequest, name: str) -> HttpResponse:
    shown = _shown_or_404(request, name)
    order = request.GET.get("order", "newest")
    order = order if order in ORDERS else "newest"
    videos = access.listed_for(request.user).filter(owner_id=shown.owner_id).order_by(*ORDERS[order])
    page = Paginator(videos, VIDEOS_PER_PAGE).get_page(request.GET.get("page"))
    is_own = can_edit_channel(shown, request.user)
    # Its owner sees it before there is anything to find.
    is_found = not is_own or shows_something(shown, GUEST)
    mine = channels_of(person_of(request)) if is_own else []
    context = {
        "channel": shown,
        "link_preview": None if is_own else preview_of_channel(shown, request),
        "feed": feed_of_channel(shown) if is_found else None,
        "other_channels": [other for other in mine if other != shown],
        "page": page,
        "watched": seconds_watched(request.user, page),
        "order": order,
        "playlists": shown_on_channel(shown.owner_id, request.user)[:PLAYLISTS_SHOWN],
        **page_links(request, page),
        **following_context(request, shown),
    }
    return render(request, "community/channel.html", context)


@form_only
@login_required
def follow(request: HttpRequest, name: str) -> HttpResponse:
    """Follow or stop to, and back to the page that the form stood on."""
    shown = _shown_or_404(request, name)
    try:
        set_follow(shown, person_of(request), follows=request.POST.get("follows") == "1")
    except NotFound as error:  # the channel is deleted at the same moment
        raise Http404(str(error)) from error
    except NotAllowed as error:
        messages.error(request, str(error))
    back = request.POST.get("next", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return HttpResponseRedirect(back if is_ours else shown.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, name: str) -> HttpResponse:
    with errors_as_pages():
        own = channel_to_edit(name, request.user)
    form = ChannelForm(request.POST or None, request.FILES or None, instance=own)
    if request.method == "POST" and form.is_valid():
        try:
            saved = form.save()
        except IntegrityError:  # somebody took the name since it was looked for
            form.add_error("name", "Another channel has this name. Choose another one.")
        else:
            messages.success(request, "Saved.")
            return redirect(saved)
    return render(request, "community/channel_edit.html", {"form": form, "name": name, "channel": own})


@require_safe
@login_required
def own_channel(request: HttpRequest) -> HttpResponse:
    """The way to one's own channel, for menus: they need not look for its name."""
    return redirect(make_channel(person_of(request)))


def channel_of_video(request: HttpRequest, video: Video) -> dict[str, Any]:
    """What the watch page shows of the channel; nothing where the viewer might find none."""
    owner_channel = channel_beside(video, request.user)
    if owner_channel is None:
        return {}
    return {"channel": owner_channel, **following_context(request, owner_channel)}


def following_context(request: HttpRequest, shown: Channel) -> dict[str, bool]:
    return {
        "is_own_channel": can_edit_channel(shown, request.user),
        "is_following": is_following(shown, request.user),
    }


def _shown_or_404(request: HttpRequest, name: str) -> Channel:
    with errors_as_pages():
        return channel_to_see(name, request.user)
