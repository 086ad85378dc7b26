from django.apps import AppConfig
from django.conf import settings


class CommunityConfig(AppConfig):
    name = "cattube.community"
    verbose_name = "Community"

    def ready(self) -> None:
        from django.db.models.signals import pre_delete

        from cattube.community.likes import LIKES

        # A like also goes with the account of who gave it.
        pre_delete.connect(LIKES.leave, sender=settings.AUTH_USER_MODEL)
