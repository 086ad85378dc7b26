"""manage.py push_template: put the template that comes with CatTube to the engine of the settings."""

from argparse import ArgumentParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.templatetags.static import static

from cattube.processing.transloadit.account import engine_account
from cattube.processing.transloadit.addresses import internal_address
from cattube.processing.transloadit.client import EngineUnreachable, engine_client
from cattube.processing.transloadit.shipped_template import portable_template, shipped_template
from cattube.processing.transloadit.templates import Template, TemplateRefused, Templates

WATERMARK = "watermark.png"


class Command(BaseCommand):
    help = "Create the template at hosted Transloadit, or at another engine, and print its id."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", default="cattube", help="its name there (default: cattube)")
        parser.add_argument("--update", action="store_true", help="replace the one of that name")
        parser.add_argument(
            "--credentials",
            default="cattube",
            help="name of the Template Credentials there that open the bucket (default: cattube)",
        )
        parser.add_argument("--watermark-url", default="", help="a PNG the service can fetch; default: ours")

    def handle(
        self, *args: Any, name: str, update: bool, credentials: str, watermark_url: str, **options: Any
    ) -> None:
        content = portable_template(
            shipped_template(settings.SHIPPED_TEMPLATE),
            credentials=credentials,
            watermark_url=watermark_url or _own_watermark(),
        )
        try:
            template = _put(Templates(engine_client(), engine_account()), name, content, update=update)
        except EngineUnreachable as error:
            raise CommandError(f"{internal_address()} could not be asked: {error}") from error
        except TemplateRefused as error:
            raise CommandError(f"{internal_address()} refused: {error}") from error
        self.stdout.write(f"The template {name} is at {internal_address()}. Put this into .env:")
        self.stdout.write(f"TRANSLOADIT_TEMPLATE_ID={template.id}")


def _put(templates: Templates, name: str, content: dict[str, Any], *, update: bool) -> Template:
    known = templates.find(name)
    if known is None:
        return templates.create(name, content)
    if not update:
        raise CommandError(
            f"There is a template {name} already, with the id {known.id}. "
            "Give --update to replace it, or another --name."
        )
    return templates.change(known.id, content)


def _own_watermark() -> str:
    """Address of the watermark that comes with CatTube, on the site or in the bucket for static files."""
    try:
        url = urljoin(f"{settings.SITE_URL}/", static(WATERMARK))
    except ValueError as error:
        raise CommandError("The watermark is not in the bucket yet. Run collectstatic first.") from error
    if not urlsplit(url).netloc:
        raise CommandError(
            "The service fetches the watermark from the site, which has no address. "
            "Set SITE_URL, or name a picture by --watermark-url."
        )
    return url
