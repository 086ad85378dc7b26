"""The end of captions in the making that nobody wants any more."""

import logging
from collections.abc import Iterable

from cattube.captions.models import Captioning
from cattube.processing.transloadit.client import EngineUnreachable, engine_client
from cattube.videos.models import Video

log = logging.getLogger(__name__)


def assemblies_at_work(video: Video) -> list[str]:
    """Ids of the Assemblies that make captions of the video now."""
    at_work = Captioning.objects.filter(video=video, state=Captioning.State.WORKING)
    return list(at_work.values_list("assembly_id", flat=True))


def cancel_if_possible(assembly_ids: Iterable[str]) -> None:
    """Cancel the Assemblies; once the engine does not answer they go on, and nobody takes what they make."""
    try:
        for assembly_id in assembly_ids:
            engine_client().cancel(assembly_id)
    except EngineUnreachable as error:
        log.warning("Captions nobody wants are still made, in Assembly %s: %s", assembly_id, error)
