from django.apps import AppConfig


class ViewingConfig(AppConfig):
    name = "cattube.viewing"
    verbose_name = "Watching"

    def ready(self) -> None:
        from cattube.processing.expiry import day_has_passed
        from cattube.viewing.views import forget_old_views

        day_has_passed.connect(forget_old_views)
