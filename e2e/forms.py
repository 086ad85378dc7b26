"""Forms of a site, sent without a browser."""

from __future__ import annotations

import re

import httpx

from e2e.site import ADMIN_PASSWORD, Site


def sign_in(site: Site, client: httpx.Client, password: str = ADMIN_PASSWORD) -> httpx.Response:
    return send_form(site, client, "/login/", "/login/", login="admin", password=password)


def send_form(site: Site, client: httpx.Client, page: str, action: str, **fields: str) -> httpx.Response:
    """Send a form of the page `page` to the address `action`."""
    text = client.get(f"{site.url}{page}").text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
    assert token, text
    return client.post(f"{site.url}{action}", data={"csrfmiddlewaretoken": token[1], **fields})
