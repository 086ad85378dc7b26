from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "cattube.accounts"
    verbose_name = "API"
