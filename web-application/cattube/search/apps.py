from django.apps import AppConfig
from django.db.models.signals import m2m_changed, post_migrate, post_save


class SearchConfig(AppConfig):
    name = "cattube.search"

    def ready(self) -> None:
        # Models are there only when all apps are.
        from cattube.captions.signals import transcript_changed
        from cattube.search import indexing
        from cattube.videos.models import Video

        post_save.connect(indexing.on_saved_video, sender=Video)
        transcript_changed.connect(indexing.on_changed_transcript)
        m2m_changed.connect(indexing.on_changed_tags, sender=Video.tags.through)
        post_migrate.connect(indexing.keep_triggers, sender=self)
