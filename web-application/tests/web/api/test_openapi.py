"""The description of the API has the names that generated clients use."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client


@pytest.fixture
def description(client: Client) -> dict[str, Any]:
    document: dict[str, Any] = client.get("/api/openapi.json").json()
    return document


def test_operations_are_called_as_ever(description: dict[str, Any]) -> None:
    operations = [operation for path in description["paths"].values() for operation in path.values()]

    assert {operation["operationId"] for operation in operations} == {
        "cattube_bulk_api_change_videos",
        "cattube_captions_api_delete_captions",
        "cattube_captions_api_get_captions",
        "cattube_captions_api_get_transcript",
        "cattube_captions_api_list_captions",
        "cattube_captions_api_make_captions",
        "cattube_captions_api_put_captions",
        "cattube_channels_api_change_channel",
        "cattube_channels_api_delete_channel_picture",
        "cattube_channels_api_follow_channel",
        "cattube_channels_api_get_channel",
        "cattube_channels_api_set_channel_picture",
        "cattube_channels_api_unfollow_channel",
        "cattube_chapters_api_get_chapters",
        "cattube_chapters_api_put_chapters",
        "cattube_comments_api_change_comment",
        "cattube_comments_api_delete_comment",
        "cattube_comments_api_list_comments",
        "cattube_comments_api_report_comment",
        "cattube_comments_api_write_comment",
        "cattube_following_api_list_followed_channels",
        "cattube_following_api_list_followed_videos",
        "cattube_likes_api_like_video",
        "cattube_likes_api_unlike_video",
        "cattube_live_previews_api_get_live_preview",
        "cattube_playlists_api_add_to_playlist",
        "cattube_playlists_api_change_playlist",
        "cattube_playlists_api_create_playlist",
        "cattube_playlists_api_delete_playlist",
        "cattube_playlists_api_get_playlist",
        "cattube_playlists_api_list_playlists",
        "cattube_playlists_api_remove_from_playlist",
        "cattube_suggestions_api_suggest",
        "cattube_tokens_api_create_token",
        "cattube_tokens_api_delete_token",
        "cattube_tokens_api_list_tokens",
        "cattube_trash_api_empty",
        "cattube_trash_api_list_trash",
        "cattube_videos_api_change_video",
        "cattube_videos_api_delete_video",
        "cattube_videos_api_get_storyboard_cues",
        "cattube_videos_api_get_video",
        "cattube_videos_api_list_videos",
        "cattube_videos_api_restore_video",
        "cattube_videos_api_watch_video",
        "cattube_videos_upload_api_complete_upload",
        "cattube_videos_upload_api_create_upload",
        "cattube_videos_upload_api_get_upload",
        "cattube_videos_upload_api_link_to_part",
        "cattube_videos_upload_api_list_parts",
        "cattube_videos_upload_api_retry_video",
        "cattube_viewing_api_change_history",
        "cattube_viewing_api_empty_history",
        "cattube_viewing_api_forget_video",
        "cattube_viewing_api_keep_position",
        "cattube_viewing_api_list_history",
        "cattube_viewing_api_report_view",
    }


def test_ways_to_authenticate_are_called_as_ever(description: dict[str, Any]) -> None:
    assert set(description["components"]["securitySchemes"]) == {"TokenAuth", "LoggedIn"}
