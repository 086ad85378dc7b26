"""Origins of the site and of the engine, as the browser of a request reaches them."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

from cattube.processing.transloadit.addresses import HOSTED_DOMAIN, is_hosted


def own_origin(request: HttpRequest) -> str:
    """Origin of the site as this request knows it: `https://host:port`."""
    host = request.get_host()
    # A proxy that ends TLS need not tell us so, when the operator has.
    return settings.SITE_URL if host == urlsplit(settings.SITE_URL).netloc else f"{request.scheme}://{host}"


def engine_origin(request: HttpRequest) -> str:
    """Origin of the engine as the browser of this request reaches it.

    It is under the host of the page unless set otherwise, so that a phone on the same network works too.
    """
    if settings.TRANSLOADIT_SERVICE:
        return str(settings.TRANSLOADIT_SERVICE)
    own = urlsplit(own_origin(request))
    host = f"[{own.hostname}]" if ":" in (own.hostname or "") else own.hostname
    return f"{own.scheme}://{host}:{settings.WORKER_PORT}"


def upload_origins(request: HttpRequest) -> list[str]:
    """Origins that the upload page sends bytes to."""
    return [settings.AWS_S3_ENDPOINT_URL] if settings.UPLOAD_TO == "bucket" else engine_origins(request)


def engine_origins(request: HttpRequest) -> list[str]:
    """Origins of the engine that a page may need.

    Hosted Transloadit answers an Assembly with the address of the machine that runs it.
    """
    origin = engine_origin(request)
    return [origin, f"https://*.{HOSTED_DOMAIN}"] if is_hosted(origin) else [origin]
