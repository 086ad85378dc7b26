"""The scripts and styles that Vite built, or nothing when it has not run yet."""

import logging

from django import template
from django.utils.safestring import SafeString
from django_vite.core.asset_loader import DjangoViteAssetLoader
from django_vite.core.exceptions import DjangoViteAssetNotFoundError, DjangoViteManifestError

register = template.Library()
log = logging.getLogger(__name__)


@register.simple_tag
def front_end(entry: str) -> SafeString:
    """The tags that load `entry` (as `src/pages/site.ts`) with its styles.

    Empty when the front end is not built: the page then works without looks, instead of answering 500.
    """
    try:
        tags = DjangoViteAssetLoader.instance().generate_vite_asset(entry)
    except (DjangoViteAssetNotFoundError, DjangoViteManifestError) as error:
        log.warning("The front end is not built, pages have no looks: run `npm run build` (%s)", error)
        return SafeString("")
    return SafeString(tags)
