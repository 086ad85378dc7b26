"""Wishes for captions that a machine makes. `processing/captioning/` fulfils them."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cattube.captions.models import Captioning
from cattube.errors import SiteError
from cattube.videos.models import Video


class CaptionsOff(SiteError):
    code, status = "CAPTIONS_OFF", 409

    def __init__(self) -> None:
        super().__init__("This site makes no captions by itself. Its administrator may set CAPTIONS.")


class NotReady(SiteError):
    code, status = "NOT_READY", 409

    def __init__(self) -> None:
        super().__init__("The video is not ready yet. Ask for captions once it can be watched.")


def ask_for_captions(video: Video, *, language: str = "") -> Captioning:
    """Have captions made of what is said. What is under way already goes on.

    language: what is spoken; "" to find out. Raises CaptionsOff, NotReady.
    """
    if settings.CAPTIONS == "off":
        raise CaptionsOff
    if not video.is_ready:
        raise NotReady
    with transaction.atomic():
        Video.objects.select_for_update().filter(pk=video.pk).order_by("pk").first()
        captioning = Captioning.objects.filter(video=video).first() or Captioning(video=video)
        if captioning.pk is None or captioning.is_finished:
            captioning.language, captioning.state = language, Captioning.State.WAITING
            captioning.percent, captioning.error, captioning.assembly_id = 0, "", ""
            captioning.asked_at, captioning.checked_at, captioning.tries = timezone.now(), None, 0
            captioning.save()
    return captioning
