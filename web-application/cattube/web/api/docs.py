"""Page that shows what the API can do, at /api/docs."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import Swagger


class SiteDocs(Swagger):
    """Swagger with scripts of this site. Those of ninja come from another unless it is a Django app."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        options = {**self.settings, "url": self.get_openapi_url(api, kwargs)}
        # A session of the site may be what a caller is known by.
        context = {"swagger_settings": json.dumps(options), "api": api, "add_csrf": True}
        return render(request, self.template, context)
