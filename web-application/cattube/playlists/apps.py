from django.apps import AppConfig


class PlaylistsConfig(AppConfig):
    name = "cattube.playlists"
    verbose_name = "Playlists"
