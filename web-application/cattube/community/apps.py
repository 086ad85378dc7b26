from django.apps import AppConfig
from django.conf import settings


class CommunityConfig(AppConfig):
    name = "cattube.community"
    verbose_name = "Community"

    def ready(self) -> None:
        from django.db.models.signals import post_delete, pre_delete

        from cattube.community.likes import count_anew, lock_liked
        from cattube.community.models import Like

        # A like also goes with the account of who gave it.
        pre_delete.connect(lock_liked, sender=settings.AUTH_USER_MODEL)
        post_delete.connect(count_anew, sender=Like)
