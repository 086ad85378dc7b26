"""Template tag for the scripts and styles that Vite built."""

import logging

from django import template
from django.utils.safestring import SafeString
from django_vite.core.exceptions import DjangoViteAssetNotFoundError, DjangoViteManifestError
from django_vite.templatetags.django_vite import vite_asset

register = template.Library()
log = logging.getLogger(__name__)


@register.simple_tag
def front_end(entry: str) -> SafeString:
    """Tags that load `entry` (as `src/pages/site.ts`) with its styles.

    Empty when the front end is not built: the page then works without styles, instead of answering 500.
    """
    try:
        return SafeString(vite_asset(entry))
    except (DjangoViteAssetNotFoundError, DjangoViteManifestError) as error:
        log.warning("The front end is not built, pages have no looks: run `npm run build` (%s)", error)
        return SafeString("")
