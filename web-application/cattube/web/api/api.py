"""API of the site, for the front end and for scripts. /api/openapi.json describes it."""

import logging

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.operation import Operation

from cattube.errors import InvalidFields, NotAllowed, NotFound, SiteBusy, SiteError
from cattube.storage.objects import StoreError
from cattube.web.api import suggestions, tokens
from cattube.web.api.auth import NEEDS_EVERY_SCOPE
from cattube.web.api.captions import captions, chapters
from cattube.web.api.community import channels, comments, following, likes, playlists, viewing
from cattube.web.api.docs import SiteDocs
from cattube.web.api.field_errors import sentence_of
from cattube.web.api.uploads import bucket_uploads, uploads
from cattube.web.api.videos import bulk, live_previews, trash, video_list, videos
from cattube.web.error_answers import error_answer, new_error_code

log = logging.getLogger(__name__)
OPERATION_PREFIXES = {
    video_list.__name__: "cattube_videos_api",
    videos.__name__: "cattube_videos_api",
    uploads.__name__: "cattube_videos_upload_api",
    bucket_uploads.__name__: "cattube_videos_upload_api",
    tokens.__name__: "cattube_tokens_api",
    bulk.__name__: "cattube_bulk_api",
    trash.__name__: "cattube_trash_api",
    live_previews.__name__: "cattube_live_previews_api",
    suggestions.__name__: "cattube_suggestions_api",
    captions.__name__: "cattube_captions_api",
    chapters.__name__: "cattube_chapters_api",
    playlists.__name__: "cattube_playlists_api",
    viewing.__name__: "cattube_viewing_api",
    likes.__name__: "cattube_likes_api",
    channels.__name__: "cattube_channels_api",
    comments.__name__: "cattube_comments_api",
    following.__name__: "cattube_following_api",
}


class LoginNeeded(SiteError):
    code, status = "LOGIN_NEEDED", 401


class RequestTooLarge(SiteError):
    code, status = "TOO_LARGE", 413


class SiteAPI(NinjaAPI):
    """API whose ids of operations stay when a module moves: generated clients have them as names."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        view = operation.view_func
        return f"{OPERATION_PREFIXES[view.__module__]}_{view.__name__}"


api = SiteAPI(
    title="CatTube",
    version="1",
    description=(
        "Upload, find and manage videos. Use the session of the site with an X-CSRFToken header, or "
        "`Authorization: Bearer <token>` with a token made in the settings of your account or by "
        "`manage.py create_token USERNAME`. A token needs the scope of what it does. "
        'Every error is `{"error": CODE, "message": sentence}`.'
    ),
    urls_namespace="api",
    docs=SiteDocs(),
    auth=NEEDS_EVERY_SCOPE,
)
api.add_router("", video_list.router)
api.add_router("", videos.router)
api.add_router("", bulk.router)
api.add_router("", trash.router)
api.add_router("", uploads.router)
api.add_router("", bucket_uploads.router)
api.add_router("", tokens.router)
api.add_router("", live_previews.router)
api.add_router("", suggestions.router)
api.add_router("", captions.router)
api.add_router("", chapters.router)
api.add_router("", viewing.router)
api.add_router("", likes.router)
api.add_router("", comments.router)
api.add_router("", channels.router)
api.add_router("", following.router)
api.add_router("", playlists.router)


@api.exception_handler(SiteError)
def on_site_error(request: HttpRequest, error: SiteError) -> HttpResponse:
    return error_answer(error)


@api.exception_handler(ValidationError)
def on_invalid_fields(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return error_answer(InvalidFields(sentence_of(error.errors[0])))


@api.exception_handler(AuthenticationError)
def on_unknown_caller(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    response = error_answer(LoginNeeded("Log in, or send a valid token as `Authorization: Bearer …`."))
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 403:
        return error_answer(NotAllowed("The X-CSRFToken header is missing or old. Reload the page."))
    return error_answer(InvalidFields(str(error)))


@api.exception_handler(Http404)
def on_not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return error_answer(NotFound())


@api.exception_handler(RequestDataTooBig)
def on_too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return error_answer(RequestTooLarge("The request is too large. Videos go to the engine, not here."))


@api.exception_handler(OperationalError)
def on_database_error(request: HttpRequest, error: OperationalError) -> HttpResponse:
    log.error("The database could not be used for %s: %s", request.path, error)
    return error_answer(SiteBusy())


@api.exception_handler(StoreError)
def on_store_error(request: HttpRequest, error: StoreError) -> HttpResponse:
    log.error("The bucket could not be used for %s: %s", request.path, error)
    return error_answer(SiteBusy())


@api.exception_handler(Exception)
def on_unexpected_error(request: HttpRequest, error: Exception) -> HttpResponse:
    code = new_error_code()
    log.exception("%s: unexpected error at %s", code, request.path, exc_info=error)
    return error_answer(SiteError(f"Something went wrong on our side. It is in the log as {code}."))
