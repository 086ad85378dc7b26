from django.apps import AppConfig


class CaptionsConfig(AppConfig):
    name = "cattube.captions"
