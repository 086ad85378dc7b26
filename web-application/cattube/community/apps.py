from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "cattube.community"
    verbose_name = "Community"

    def ready(self) -> None:
        from django.db.models.signals import post_delete

        from cattube.community.likes import count_anew
        from cattube.community.models import Like

        # A like also goes with the account of who gave it.
        post_delete.connect(count_anew, sender=Like)
