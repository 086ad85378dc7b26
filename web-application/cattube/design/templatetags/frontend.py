"""Template tag for the scripts and styles that Vite built."""

import logging

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_vite.core.exceptions import DjangoViteAssetNotFoundError, DjangoViteManifestError
from django_vite.templatetags.django_vite import vite_asset, vite_asset_url

register = template.Library()
log = logging.getLogger(__name__)
# Of the letters that nearly every page has. The style sheet, which names it too, is read later.
FONT = "node_modules/@fontsource-variable/figtree/files/figtree-latin-wght-normal.woff2"


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


@register.simple_tag
def font_ahead() -> SafeString:
    """The tag that has a browser fetch the font with the styles: what is shown without it moves later.

    Empty when the front end is not built.
    """
    try:
        url = vite_asset_url(FONT)
    except (DjangoViteAssetNotFoundError, DjangoViteManifestError):
        return SafeString("")
    # As the style sheet will ask for it; else it is fetched twice.
    return format_html('<link rel="preload" href="{}" as="font" type="font/woff2" crossorigin>', url)
