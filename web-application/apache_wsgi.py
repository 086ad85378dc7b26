"""`application` for Apache with mod_wsgi, as deploy/apache.conf.template loads it. It needs one process."""

from typing import Any

# What is inside Apache, not the package of that name.
import mod_wsgi

# First of ours, since it sets Django up.
from cattube.wsgi import application as site

# isort: split
from cattube import settings
from cattube.processing.reconciler import ReconcilerThread
from cattube.web.api.videos.events import server_stops
from cattube.web.middleware.chunked_bodies import ChunkedBodies

application = ChunkedBodies(site, most_bytes=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
reconciler = ReconcilerThread()
if settings.RECONCILES_INSIDE:
    reconciler.start()


def stop(_name: str, **_event: Any) -> None:
    """End the streams of events with the first word of a stop: it would wait for them."""
    server_stops.set()
    if settings.RECONCILES_INSIDE:
        reconciler.stop()


mod_wsgi.subscribe_shutdown(stop)
