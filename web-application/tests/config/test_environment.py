import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from cattube.config.environment import Environment
from cattube.config.setting_table import SETTINGS

ROOM = Path(__file__).resolve().parents[2]


def test_environment_wins_over_file_over_secrets_over_default() -> None:
    sources = [{"SITE_NAME": ""}, {"SITE_NAME": "From .env"}, {"SITE_NAME": "secret", "SECRET_KEY": "s"}]

    environment = Environment(*sources)

    assert environment.text("SITE_NAME") == "From .env"
    assert environment.text("SECRET_KEY") == "s"
    assert environment.text("WEB_PORT") == "8000"


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("MAX_UPLOAD_BYTES", "10GB", "MAX_UPLOAD_BYTES=10GB: expected a whole number"),
        ("MAX_UPLOAD_BYTES", "0", "MAX_UPLOAD_BYTES=0: expected at least 1"),
        ("WEB_PORT", "99999", "WEB_PORT=99999: expected 1 to 65535"),
        ("WEB_PORT", "-1", "WEB_PORT=-1: expected a whole number"),
    ],
)
def test_number_that_is_none_is_named(name: str, text: str, words: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=re.escape(words)):
        Environment({name: text}).whole_number(name, at_most=65535 if name == "WEB_PORT" else None)


def test_other_values_that_are_wrong_are_named() -> None:
    environment = Environment({"DEBUG": "maybe", "SIGN_UP": "sometimes", "SITE_URL": "tube.example.org/x"})

    with pytest.raises(ImproperlyConfigured, match="DEBUG=maybe: expected true or false"):
        environment.flag("DEBUG")
    with pytest.raises(ImproperlyConfigured, match="SIGN_UP=sometimes: expected open or closed"):
        environment.one_of("SIGN_UP", ("open", "closed"))
    with pytest.raises(ImproperlyConfigured, match="SITE_URL=tube"):
        environment.origin("SITE_URL")


def test_origin_has_no_slash_at_the_end() -> None:
    assert (
        Environment({"SITE_URL": "https://tube.example.org/"}).origin("SITE_URL")
        == "https://tube.example.org"
    )


def test_settings_read_every_name_of_the_table_and_no_other() -> None:
    text = (ROOM / "cattube/settings.py").read_text()

    readers = "text|flag|whole_number|words|one_of|origin|origin_or_queue|http_or_queue_address"
    read = set(re.findall(rf'\.(?:{readers})\("([A-Z0-9_]+)"', text))
    known = {setting.name for setting in SETTINGS}
    assert read == known


def test_template_of_the_env_file_has_only_known_names() -> None:
    names = re.findall(r"^#?([A-Z_]+)=", (ROOM / ".env.template").read_text(), re.MULTILINE)

    assert names
    assert set(names) <= {setting.name for setting in SETTINGS}
