"""The footer tells the name of the site and the version of CatTube."""

import pytest
from django.test import Client
from pytest_django import Settings

from cattube.version import VERSION


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("site_name", "words"),
    [("CatTube", f"CatTube {VERSION}"), ("Cats of Alice", f"Cats of Alice, run with CatTube {VERSION}")],
)
def test_footer_has_the_version(client: Client, settings: Settings, site_name: str, words: str) -> None:
    settings.SITE_NAME = site_name

    page = client.get("/").content.decode()

    assert f'<footer class="footer">\n  <span class="grow">{words}</span>' in page
