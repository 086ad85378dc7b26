"""Addresses of the site, all of them."""

from allauth.account.decorators import secure_admin_login
from allauth.account.views import login, logout, signup
from django.conf import settings
from django.contrib import admin
from django.urls import path, register_converter

from cattube.videos.ids import VideoIdConverter
from cattube.web import error_pages
from cattube.web.api.api import api
from cattube.web.files.poster import poster
from cattube.web.files.views import serve_object
from cattube.web.health import healthz
from cattube.web.notifications.transloadit import receive_notification
from cattube.web.notifications.videos import receive_video_notification
from cattube.web.outward.crawlers import robots
from cattube.web.outward.feeds import channel_feed, playlist_feed, search_feed, videos_feed
from cattube.web.outward.manifest import manifest
from cattube.web.outward.oembed import oembed
from cattube.web.outward.sitemap import sitemap, sitemap_part
from cattube.web.pages import again, videos
from cattube.web.pages.account import account_settings
from cattube.web.pages.account.password_reset import NewPassword, ask_for_link
from cattube.web.pages.administration.doctor import doctor
from cattube.web.pages.administration.hosts import hosts
from cattube.web.pages.captions import caption_editor, captions, chapters
from cattube.web.pages.community import (
    channel_pictures,
    channels,
    comments,
    following,
    history,
    likes,
    playlist_saving,
    playlists,
)
from cattube.web.pages.library import library, trash

register_converter(VideoIdConverter, "video_id")

# The admin has no form of its own to try passwords on: it uses the site's login, which is rate limited.
admin.site.site_header = admin.site.site_title = settings.SITE_NAME
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler400, handler404, handler500 = error_pages.bad_request, error_pages.not_found, error_pages.server_error

# Of allauth's pages only login, logout and sign-up are offered.
urlpatterns = [
    # Before all others, which are tried one by one: pages ask here for their videos again and again.
    path("api/", api.urls),
    path("", library.library, name="library"),
    path("upload/", videos.upload, name="upload"),
    path("videos/<video_id:id>", videos.watch, name="watch"),
    path("videos/<video_id:id>/edit", videos.edit, name="edit"),
    path("videos/<video_id:id>/delete", videos.delete, name="delete"),
    path("videos/<video_id:id>/again", again.process_again, name="process_again"),
    path("videos/<video_id:id>/restore", trash.restore, name="restore"),
    path("videos/<video_id:id>/erase", trash.erase, name="erase"),
    path("videos/<video_id:id>/captions", captions.captions, name="captions"),
    path("videos/<video_id:id>/captions/automatic", captions.make, name="make_captions"),
    path("videos/<video_id:id>/captions/<str:language>", caption_editor.edit, name="edit_captions"),
    path("videos/<video_id:id>/captions/<str:language>/delete", captions.delete, name="delete_captions"),
    path("videos/<video_id:id>/chapters", chapters.edit, name="edit_chapters"),
    path("trash/", trash.trash, name="trash"),
    path("trash/empty", trash.empty, name="trash_empty"),
    path("videos/<video_id:id>/like", likes.like, name="like"),
    path("videos/<video_id:id>/comments", comments.write, name="comment"),
    path("videos/<video_id:id>/comments/switch", comments.switch, name="comments_switch"),
    path("comments/<int:id>/edit", comments.edit, name="comment_edit"),
    path("comments/<int:id>/delete", comments.delete, name="comment_delete"),
    path("comments/<int:id>/report", comments.report, name="comment_report"),
    path("channel/", channels.own_channel, name="own_channel"),
    path("channels/<str:name>", channels.channel, name="channel"),
    path("channels/<str:name>/follow", channels.follow, name="follow"),
    path("channels/<str:name>/picture", channel_pictures.picture, name="channel_picture"),
    path("channels/<str:name>/edit", channels.edit, name="channel_edit"),
    path("following/", following.following, name="following"),
    path("following/channels", following.followed_channels, name="followed_channels"),
    path("later/", playlists.later, name="later"),
    path("playlists/", playlists.playlists, name="playlists"),
    path("playlists/<video_id:id>", playlists.playlist, name="playlist"),
    path("playlists/<video_id:id>/edit", playlists.edit, name="playlist_edit"),
    path("playlists/<video_id:id>/delete", playlists.delete, name="playlist_delete"),
    path("playlists/<video_id:id>/videos/<video_id:video_id>", playlists.change_entry, name="playlist_entry"),
    path("videos/<video_id:id>/save", playlist_saving.save, name="save"),
    path("history/", history.history, name="history"),
    path("history/switch", history.switch, name="history_switch"),
    path("history/empty", history.empty, name="history_empty"),
    path("history/<video_id:id>/forget", history.forget, name="history_forget"),
    path("embed/<video_id:id>", videos.embed, name="embed"),
    path("oembed", oembed, name="oembed"),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("sitemaps/<str:kind>-<int:number>.xml", sitemap_part, name="sitemap_part"),
    path("feeds/videos.xml", videos_feed, name="videos_feed"),
    path("feeds/search.xml", search_feed, name="search_feed"),
    path("feeds/channels/<str:name>.xml", channel_feed, name="channel_feed"),
    path("feeds/playlists/<video_id:id>.xml", playlist_feed, name="playlist_feed"),
    path("manifest.webmanifest", manifest, name="manifest"),
    path("videos/<video_id:id>/poster", poster, name="poster"),
    path("files/<path:object_key>", serve_object, name="object"),
    path("login/", login, name="account_login"),
    path("logout/", logout, name="account_logout"),
    path("signup/", signup, name="account_signup"),
    path("reset/", ask_for_link, name="reset"),
    path("reset/<str:uidb64>/<str:token>/", NewPassword.as_view(), name="new_password"),
    path("settings/", account_settings.account_settings, name="settings"),
    path("settings/password", account_settings.change_password, name="settings_password"),
    path("settings/email", account_settings.change_email, name="settings_email"),
    path("settings/sessions/end", account_settings.log_out_everywhere, name="settings_sessions_end"),
    path("settings/sessions/<int:id>/end", account_settings.log_out_session, name="settings_session_end"),
    path("settings/tokens", account_settings.create_token, name="settings_tokens"),
    path(
        "settings/tokens/<int:id>/withdraw", account_settings.withdraw_token, name="settings_token_withdraw"
    ),
    path("notifications/transloadit", receive_notification, name="notification"),
    path("notifications/videos/<str:token>", receive_video_notification, name="video_notification"),
    path("healthz", healthz, name="healthz"),
    path("admin/doctor/", admin.site.admin_view(doctor), name="doctor"),
    path("admin/hosts/", admin.site.admin_view(hosts), name="hosts"),
    path("admin/", admin.site.urls),
]
