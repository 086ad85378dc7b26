from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "cattube.accounts"
    verbose_name = "API"

    def ready(self) -> None:
        from cattube.accounts.expiry import delete_expired
        from cattube.processing.expiry import day_has_passed

        day_has_passed.connect(delete_expired)
