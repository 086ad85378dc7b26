from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, API, admin, and the commands that belong to no other app."""

    name = "cattube.web"
