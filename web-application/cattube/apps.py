from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The site itself: commands and templates that belong to no single part of it."""

    name = "cattube"
