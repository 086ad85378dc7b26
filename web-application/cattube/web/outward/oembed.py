"""oEmbed: how other sites show a video whose address somebody has pasted there.

Source: oembed.com, "oEmbed", 2.
"""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_safe

from cattube.errors import InvalidFields, NotFound, SiteError
from cattube.videos.access import video_to_watch
from cattube.videos.channel_access import channel_beside
from cattube.videos.models import Video
from cattube.web.error_answers import error_answer
from cattube.web.origins import own_origin
from cattube.web.outward.embed_code import embed_code, embed_size
from cattube.web.outward.link_preview import GUEST, preview_of_video

# For how long other sites may keep the answer: the video may be hidden.
CACHE_SECONDS = 300
MOST_PX = 10_000
PAGES = ("watch", "embed")
DEFAULT_PORTS = {"http": ":80", "https": ":443"}


class FormatUnknown(SiteError):
    code, status = "FORMAT_UNKNOWN", 501


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """The video at `?url=`, as a guest sees it: what is answered here stands on pages of others."""
    try:
        if request.GET.get("format", "json") != "json":
            raise FormatUnknown("The answer comes as JSON: leave `format` out, or say `json`.")
        limits = {side: _pixels(request, f"max{side}") for side in ("width", "height")}
        video = video_to_watch(_video_id(request), GUEST)
    except SiteError as error:
        return error_answer(error)
    document = _document(request, video, max_width=limits["width"], max_height=limits["height"])
    # Pages of others may ask by script, too: it tells them nothing that their server would not be told.
    headers = {"Cache-Control": f"public, max-age={CACHE_SECONDS}", "Access-Control-Allow-Origin": "*"}
    return JsonResponse(document, headers=headers)


def _pixels(request: HttpRequest, name: str) -> int | None:
    given = request.GET.get(name, "")
    if not given:
        return None
    if not (given.isascii() and given.isdecimal() and len(given) < 10 and int(given)):
        raise InvalidFields(f"{name}: expected a number of pixels.")
    return min(int(given), MOST_PX)


def _video_id(request: HttpRequest) -> str:
    """Id of the video whose page or player is at `?url=`. Raises NotFound."""
    try:
        address = urlsplit(request.GET.get("url", ""))
        page = resolve(address.path)
    except (ValueError, Resolver404) as error:
        raise NotFound from error
    ours = {request.get_host(), urlsplit(settings.SITE_URL).netloc} - {""}
    host = address.netloc.lower().removesuffix(DEFAULT_PORTS.get(address.scheme, ""))
    if address.scheme not in DEFAULT_PORTS or host not in ours or page.url_name not in PAGES:
        raise NotFound
    return str(page.kwargs["id"])


def _document(
    request: HttpRequest, video: Video, *, max_width: int | None, max_height: int | None
) -> dict[str, Any]:
    site = own_origin(request)
    size = embed_size(video.width, video.height, max_width=max_width, max_height=max_height)
    channel, preview = channel_beside(video, GUEST), preview_of_video(video, request)
    document = {
        "version": "1.0",
        "type": "video",
        "provider_name": settings.SITE_NAME,
        "provider_url": site + reverse("library"),
        "title": video.title,
        "author_name": video.owner.get_username(),
        "cache_age": CACHE_SECONDS,
        "width": size.width,
        "height": size.height,
        "html": embed_code(site + reverse("embed", args=[video.pk]), title=video.title, size=size),
    }
    if channel is not None:
        document["author_url"] = site + channel.get_absolute_url()
    # All three or none, says oEmbed.
    if preview and preview.picture and preview.picture.size:
        picture, picture_size = preview.picture, preview.picture.size
        document["thumbnail_url"] = picture.address
        document |= {"thumbnail_width": picture_size.width, "thumbnail_height": picture_size.height}
    return document
