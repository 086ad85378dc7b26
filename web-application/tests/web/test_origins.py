import pytest
from django.test import RequestFactory
from pytest_django import Settings

from cattube.web.origins import engine_origin, own_origin


@pytest.mark.parametrize(
    ("host", "own", "engine"),
    [
        ("192.168.1.7:8000", "http://192.168.1.7:8000", "http://192.168.1.7:5678"),
        ("[::1]:8000", "http://[::1]:8000", "http://[::1]:5678"),
        ("localhost", "http://localhost", "http://localhost:5678"),
        ("tube.example.org", "https://tube.example.org", "https://tube.example.org:5678"),
    ],
)
def test_origins_follow_the_host_of_the_page(settings: Settings, host: str, own: str, engine: str) -> None:
    settings.ALLOWED_HOSTS, settings.TRANSLOADIT_SERVICE = ["*"], ""
    settings.SITE_URL = "https://tube.example.org"

    request = RequestFactory().get("/", headers={"Host": host})

    assert (own_origin(request), engine_origin(request)) == (own, engine)


def test_engine_elsewhere_is_named_by_its_setting(settings: Settings) -> None:
    settings.TRANSLOADIT_SERVICE = "https://engine.example.org"

    assert engine_origin(RequestFactory().get("/")) == "https://engine.example.org"
